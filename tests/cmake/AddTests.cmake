include(Catch)

# A fatal signal stays the signal that it is under AddressSanitizer: tests look at it.
# Registers every test case of a test program with ctest. Tests run in the checkout's root, so that the paths compiled
# into them are relative and checkouts share their objects. A case that prints "[skipped] why" counts as skipped. A name
# that matches no case fails: CMake splits names at `;`, and Catch would call the halves passed.
function(memrb_add_tests target label)
  cmake_parse_arguments(ADD "" "TIMEOUT" "PROPERTIES" ${ARGN})
  if(NOT ADD_TIMEOUT)
    set(ADD_TIMEOUT 120)
  endif()
  catch_discover_tests(${target} TEST_PREFIX "${label}: " EXTRA_ARGS -w NoTests WORKING_DIRECTORY ${PROJECT_SOURCE_DIR}
    PROPERTIES ENVIRONMENT "ASAN_OPTIONS=handle_segv=0:handle_abort=0:handle_sigbus=0" LABELS ${label} TIMEOUT ${ADD_TIMEOUT} SKIP_REGULAR_EXPRESSION "\\[skipped\\]" ${ADD_PROPERTIES})
endfunction()
