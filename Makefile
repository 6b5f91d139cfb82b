# SPDX-License-Identifier: EUPL-1.2

export CGO_ENABLED = 0
CAMERA ?= sitter

KIND ?= pi
HOST ?= fotobox

.PHONY: run test lab test-arm64 lint bench fuzz assets voice docs screens soak image flash update appliance-test

run: assets                     ## both programs with a simulated camera, ready to try
	go run ./hack/demo -camera '$(CAMERA)'

test:                           ## everything: format, vet, staticcheck, tests, browsers
	go run ./hack/check

lab:                            ## the tests that need a real kernel, in QEMU
	go run ./hack/lab

test-arm64: assets              ## the tests as a Raspberry Pi runs them, under qemu-aarch64-static
	GOARCH=arm64 go test -tags emulated -exec qemu-aarch64-static -timeout 35m ./...

lint:                           ## only what needs no test to run
	go run ./hack/check -lint

bench:                          ## the figures of docs/measurements.md
	go test -run '^$$' -bench . -benchmem ./image/... ./upload/... ./registry/... ./capture/... ./ui/desk ./daemon/registryd
	go run ./hack/measure

FUZZTIME ?= 5m

fuzz:                           ## every fuzz target for FUZZTIME each, one after the other; some four and a half hours
	go run ./hack/fuzz -time $(FUZZTIME)

assets: ui/style/kern/kern.min.css

ui/style/kern/kern.min.css: ui/style/package-lock.json
	go run ./hack/assets

voice:                          ## the kiosk's sentences as sound, kept until they change; needs espeak-ng and opus-tools, and the programs work without
	go run ./hack/voice

docs:                           ## the generated pages
	go run ./hack/flow
	go test ./image/rule ./image/quality -run TestDocument -update

screens: assets                 ## a picture of every screen and every page for citizens in every layout and language, about 15 minutes: screens/index.html
	go run ./hack/screens

soak:                           ## 300 power cuts of a machine and 2,000 visits with killed programs, some hours; then 24 h of visits before one browser
	go run ./hack/lab -cuts 300
	go test ./hack/demo -run TestKilled -visits 2000 -timeout 5h -v
	go test ./ui/kiosk -run TestSoak -soak 24h -timeout 25h -v

image: assets                   ## a bootable disk image, KIND=pi (Raspberry Pi 4 and 5) or pc
	go run ./hack/appliance build -kind $(KIND)

flash:                          ## that image and a station's values on a card: DEV=/dev/sdX HOST=name CODE=FBE1:... PLACE=... SETTINGS=file
	go run ./hack/appliance flash -kind $(KIND) -hostname '$(HOST)' -code '$(CODE)' -place '$(PLACE)' -settings '$(SETTINGS)' $(DEV)

update:                         ## that image's system on a running station: STATION=host
	go run ./hack/appliance update -kind $(KIND) $(STATION)

appliance-test: assets          ## the image in an emulator: boots, updates, goes back, ten idle minutes; two builds the same
	FOTOBOX_APPLIANCE=1 go test ./hack/appliance -v -timeout 60m -idle 10m
