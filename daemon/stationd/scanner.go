// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/fotobox-project/fotobox/capture/reader"
	"github.com/fotobox-project/fotobox/ui/kiosk"
)

// scanTime is how long a scan may wait for the session.
const scanTime = 2 * time.Second

// newScanner is the code scanner that the settings ask for; nil: none, and no keyboard is touched.
// What it reads goes the way of a typed code.
func (st *station) newScanner(ctx context.Context) *reader.Scanner {
	if st.settings.Scanner == nil {
		return nil
	}
	return reader.NewScanner(*st.settings.Scanner, func(text string) { st.scanned(ctx, text) }, st.log)
}

func (st *station) scanned(ctx context.Context, code string) {
	ctx, cancel := context.WithTimeout(ctx, scanTime)
	defer cancel()
	err := st.Scan(ctx, code)
	if errors.Is(err, kiosk.ErrPause) { // the page says it to whoever types; here the log must do
		st.log.Info("code not taken", "why", "too many wrong ones")
	}
}

// countScanners shows in the metrics how many scanners are read.
func (st *station) countScanners() {
	st.meter.registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "fotobox_station_scanners", Help: "USB code scanners that are plugged in and read."},
		func() float64 { return float64(len(st.scanner.Attached())) }))
}

// checkScanner looks for the scanner without taking it from anybody.
func checkScanner(_ context.Context, s subject) (string, error) {
	if s.Scanner == nil {
		return "none in the settings", nil
	}
	var names []string
	var err error
	if s.running != nil {
		names = s.running.scanner.Attached()
	} else {
		names, err = reader.NewScanner(*s.Scanner, nil, nil).Plugged()
	}
	switch {
	case err != nil:
		return "", fmt.Errorf("%w; is the scanner plugged in?", err)
	case len(names) == 0:
		return "", errors.New("no code scanner; plug it in, set it to imitate a keyboard, and compare scanner.device")
	}
	return strings.Join(names, ", "), nil
}
