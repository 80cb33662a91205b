#include "cli/command.h"

int main(int argc, char** argv) {
    return memrb::cli::run(argc, argv);
}
