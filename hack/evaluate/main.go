// SPDX-License-Identifier: EUPL-1.2

// Command evaluate runs the engine over a folder of labelled photos, over the same photos made bad
// in known ways and over rendered sitters, and prints per criterion what it catches and what it rejects wrongly.
package main

import (
	"flag"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/fotobox-project/fotobox/image/phototest"
)

func main() {
	page := flag.String("html", "", "also write a page with every error to `OUT.html`, outside the repository: it shows real people")
	every := flag.Int("every", 1, "one photo of so many")
	flag.Usage = func() {
		fmt.Fprintln(flag.CommandLine.Output(), "usage: evaluate [-html OUT.html] [-every N] DIR")
		flag.PrintDefaults()
	}
	flag.Parse()
	if flag.NArg() != 1 || *every < 1 {
		flag.Usage()
		os.Exit(2)
	}
	if err := run(os.Stdout, flag.Arg(0), *page, *every); err != nil {
		fmt.Fprintln(os.Stderr, "evaluate:", err)
		os.Exit(1)
	}
}

func run(w io.Writer, dir, page string, every int) error {
	start := time.Now()
	if err := outsideRepository(page); err != nil {
		return err
	}
	e, err := evaluate(dir, plan{every, faults(), sweeps(), page != ""})
	if err != nil {
		return err
	}
	if err := e.print(w); err != nil {
		return err
	}
	if page != "" {
		if err := e.writePage(page); err != nil {
			return err
		}
	}
	_, err = fmt.Fprintf(w, "\n%.0f s\n", time.Since(start).Seconds())
	return err
}

// A plan is what to try on a folder.
type plan struct {
	every  int // one photo of so many
	faults []fault
	sweeps []sweep
	thumbs bool
}

// evaluate judges everything.
func evaluate(dir string, p plan) (*evaluation, error) {
	photos, err := phototest.Read(dir)
	if err != nil {
		return nil, err
	}
	photos = phototest.Thinned(photos, p.every)
	eng, err := newEngine(p.thumbs)
	if err != nil {
		return nil, err
	}
	good := goodSet(photos)
	e := &evaluation{set: eng.set, photos: photos, good: map[string]bool{}, faults: p.faults}
	for _, g := range good {
		e.good[g.Name] = true
	}
	if e.results, err = eng.judgeAll(photos, good, p.faults); err != nil {
		return nil, err
	}
	e.findTones()
	e.sweeps, err = eng.sweepAll(p.sweeps, p.every)
	return e, err
}
