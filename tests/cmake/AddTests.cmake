include(Catch)

# Registers every test case of a test program with ctest. A case that prints "[skipped] why" counts as skipped.
function(memrb_add_tests target label)
  cmake_parse_arguments(ADD "" "TIMEOUT" "PROPERTIES" ${ARGN})
  if(NOT ADD_TIMEOUT)
    set(ADD_TIMEOUT 120)
  endif()
  catch_discover_tests(${target} TEST_PREFIX "${label}: "
    PROPERTIES LABELS ${label} TIMEOUT ${ADD_TIMEOUT} SKIP_REGULAR_EXPRESSION "\\[skipped\\]" ${ADD_PROPERTIES})
endfunction()
