#include "system/curl_library.h"

#include <dlfcn.h>

namespace memrb::system {

namespace {

template <class Function>
bool find(void* library, const char* name, Function& into) {
    into = reinterpret_cast<Function>(dlsym(library, name));
    return into != nullptr;
}

const CurlLibrary* load() {
    static CurlLibrary curl;
    void* library = dlopen("libcurl.so.4", RTLD_NOW | RTLD_LOCAL);
    decltype(&curl_global_init) global_init = nullptr;
    const bool complete =
        library != nullptr && find(library, "curl_global_init", global_init) &&
        find(library, "curl_easy_init", curl.easy_init) && find(library, "curl_easy_setopt", curl.easy_setopt) &&
        find(library, "curl_easy_getinfo", curl.easy_getinfo) &&
        find(library, "curl_easy_cleanup", curl.easy_cleanup) &&
        find(library, "curl_slist_append", curl.slist_append) &&
        find(library, "curl_slist_free_all", curl.slist_free_all) &&
        find(library, "curl_multi_init", curl.multi_init) &&
        find(library, "curl_multi_add_handle", curl.multi_add_handle) &&
        find(library, "curl_multi_remove_handle", curl.multi_remove_handle) &&
        find(library, "curl_multi_perform", curl.multi_perform) && find(library, "curl_multi_poll", curl.multi_poll) &&
        find(library, "curl_multi_info_read", curl.multi_info_read) &&
        find(library, "curl_multi_cleanup", curl.multi_cleanup);
    return complete && global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK ? &curl : nullptr;
}

}  // namespace

const CurlLibrary* CurlLibrary::get() {
    static const CurlLibrary* const library = load();
    return library;
}

}  // namespace memrb::system
