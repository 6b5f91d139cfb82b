// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"

	"github.com/fotobox-project/fotobox/internal/durable"
)

// recordFile holds the state, in guardd's directory.
const recordFile = "record.json"

// load reads the state; there is none before the first boot.
func load(path string) (state, error) {
	dir, err := durable.Open(path)
	if err != nil {
		return state{}, err
	}
	defer dir.Close()
	data, err := dir.Root.ReadFile(recordFile)
	if errors.Is(err, fs.ErrNotExist) {
		return state{}, nil
	}
	var s state
	if err == nil {
		err = json.Unmarshal(data, &s)
	}
	if err != nil {
		return state{}, fmt.Errorf("read %s: %w", recordFile, err)
	}
	return s, nil
}

func save(path string, s state) error {
	data, err := json.MarshalIndent(s, "", "  ")
	if err != nil {
		return err
	}
	dir, err := durable.Open(path)
	if err != nil {
		return err
	}
	defer dir.Close()
	return dir.Write(recordFile, bytes.NewReader(append(data, '\n')))
}
