# What a person types. Each target calls the host tool `vireo` or a script in Scripts; standard output is data, and
# builds, installs and progress go to standard error.

MAKEFLAGS += --no-print-directory
VIREO := .build/debug/vireo

# Read from the environment by `vireo guest run --environment`, so that no value needs quoting here.
export ARCH MACHINE TRANSPORT DISK WRITABLE SCRIPT TFTP DISPLAY_MODE MINUTES

.PHONY: help run test bench lint mutants coverage soak fuzz clean vireo

help:
	@echo 'make run    [ARCH=aarch64|x86_64|riscv64] [MACHINE=virt|q35|microvm] [TRANSPORT=mmio-legacy|mmio|pci]'
	@echo '            [DISK=a.img,b.img] [WRITABLE=1] [SCRIPT=FILE|-] [TFTP=DIR] [DISPLAY_MODE=vnc|window|none]'
	@echo '            boots the guest in QEMU'
	@echo 'make test   everything CI does'
	@echo 'make bench  the figures'
	@echo 'make lint   layout, unsafe code, imports and links'
	@echo 'make mutants  known mistakes, each of which the tests must catch'
	@echo 'make coverage  lines of core, transports and drivers that unit tests reach'
	@echo 'make soak   [REQUESTS=1000000]   stress for minutes against a racing device'
	@echo 'make fuzz   [MINUTES=N] drivers against a hostile device, N minutes each (2)'
	@echo 'make clean  removes all that was built'

vireo:
	@swift build --product vireo 1>&2

run: vireo
	@$(VIREO) guest run --environment

test:
	@Scripts/test.sh

bench:
	@Scripts/bench.sh

lint: vireo
	@$(VIREO) check tree

mutants:
	@Scripts/mutants.sh

coverage:
	@Scripts/coverage.sh

soak:
	@Scripts/soak.sh $(REQUESTS)

fuzz:
	@Scripts/fuzz.sh

clean:
	@rm -rf .build
