# SPDX-License-Identifier: EUPL-1.2

export CGO_ENABLED = 0
CAMERA ?= sitter

.PHONY: run test lab test-arm64 lint bench assets docs soak

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
	go test -run '^$$' -bench . -benchmem ./image/... ./upload/... ./registry/... ./capture/... ./ui/desk
	go run ./hack/measure

assets: ui/style/kern/kern.min.css

ui/style/kern/kern.min.css: ui/style/package-lock.json
	go run ./hack/assets

docs:                           ## the generated pages
	go run ./hack/flow
	go test ./image/rule ./image/quality -run TestDocument -update

soak:                           ## 2,000 visits with killed programs, about an hour
	go test ./hack/demo -run TestKilled -visits 2000 -timeout 3h -v
