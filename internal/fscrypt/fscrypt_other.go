// SPDX-License-Identifier: EUPL-1.2

//go:build !linux

package fscrypt

import "os"

func add(*os.File, Key) (identifier, error) { return identifier{}, ErrUnsupported }

func policy(*os.File) (identifier, bool, error) { return identifier{}, false, ErrUnsupported }

func encrypt(*os.File, identifier) error { return ErrUnsupported }
