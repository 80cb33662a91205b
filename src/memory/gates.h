#pragma once

namespace memrb::memory {

/// What growth has to pass before it is called so. Each can be left out, so that the benchmark can show what it is good
/// for (tests/bench/diagnosis); nobody else does.
struct Gates {
    bool remembering = true;  ///< noise that remembers itself counts for fewer samples
    bool sustained = true;    ///< it went on in the first and the last third
    bool step = true;         ///< a line beats two levels
    bool saturation = true;   ///< it does not come to rest
    bool doubt = true;        ///< neither page cache, load nor a day explains it as well
};

}  // namespace memrb::memory
