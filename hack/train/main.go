// SPDX-License-Identifier: EUPL-1.2

// Command train learns the models of image/model on rendered sitters and writes their table.
//
//	go run ./hack/train
//
// The same seed and number of sitters give the same table, byte for byte, on one
// architecture, whatever the number of processors.
package main

import (
	"flag"
	"fmt"
	"os"
	"time"

	"github.com/fotobox-project/fotobox/image/model"
)

func main() {
	var t training
	flag.Uint64Var(&t.seed, "seed", defaultSeed, "seed of the sitters")
	flag.IntVar(&t.sitters, "sitters", defaultSitters, "how many sitters to render")
	out := flag.String("o", "image/model/table.txt", "the file to write")
	flag.Parse()
	if err := run(t, *out); err != nil {
		fmt.Fprintln(os.Stderr, "train:", err)
		os.Exit(1)
	}
}

const (
	defaultSeed    = 1
	defaultSitters = 2000
)

// A training is what the table depends on.
type training struct {
	seed    uint64
	sitters int
}

// command is what repeats the training.
func (t training) command() string {
	return fmt.Sprintf("go run ./hack/train -seed %d -sitters %d", t.seed, t.sitters)
}

func run(t training, out string) error {
	start := time.Now()
	examples, err := t.gather()
	if err != nil {
		return err
	}
	fmt.Fprintf(os.Stderr, "%d pictures of %d sitters, %v\n", len(examples), t.sitters, time.Since(start).Round(time.Second))
	table, err := t.table(examples)
	if err != nil {
		return err
	}
	for _, m := range table.Models {
		fmt.Fprintln(os.Stderr, m.Name+":", m.About)
	}
	fmt.Fprintf(os.Stderr, "%v in all\n", time.Since(start).Round(time.Second))
	return os.WriteFile(out, []byte(table.String()), 0o644)
}

func (t training) table(examples []example) (model.Table, error) {
	table := model.Table{Command: t.command()}
	for _, s := range subjects() {
		m, err := s.learn(examples)
		if err != nil {
			return table, fmt.Errorf("%s: %w", s.name, err)
		}
		table.Models = append(table.Models, m)
	}
	return table, nil
}
