// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"iter"

	"github.com/fotobox-project/fotobox/capture/camera"
	"github.com/fotobox-project/fotobox/image/chart"
	"github.com/fotobox-project/fotobox/internal/command"
)

// writeChart prints the test chart.
func writeChart(_ context.Context, c *command.Call) error {
	if err := c.Parse(); err != nil {
		return err
	}
	return chart.WriteSVG(c.Stdout)
}

// A view is how somebody holds the chart, mm.
type view struct {
	chart.Place
	Bar float64 // printed length of the chart's bar
}

// defaultView is the middle of where people stand.
func defaultView() view { return view{chart.Place{Distance: 850}, chart.Bar} }

// flags adds the lengths to a command.
func (v *view) flags(f *flag.FlagSet) {
	*v = defaultView()
	f.Float64Var(&v.Distance, "distance", v.Distance, "from the lens to the chart, mm")
	f.Float64Var(&v.Height, "height", 0, "of the lens above the floor, at its lowest, mm; 0: body heights are not judged")
	f.Float64Var(&v.Travel, "travel", 0, "by which the camera or a seat moves the view upwards, mm")
	f.Float64Var(&v.Bar, "bar", v.Bar, "measured length of the printed bar, mm")
}

func (v *view) check() error {
	switch {
	case !(v.Distance >= 300 && v.Distance <= 3000): // NaN is neither
		return fmt.Errorf("distance = %g mm: must be 300 to 3000", v.Distance)
	case !(v.Height >= 0 && v.Height <= 3000), !(v.Travel >= 0 && v.Travel <= 3000):
		return errors.New("height and travel must be 0 to 3000 mm")
	}
	return nil
}

// results measures by one still of the chart.
func (v *view) results(ctx context.Context, s subject) iter.Seq[result] {
	return func(yield func(result) bool) {
		var m *chart.Measurement
		err := v.check()
		if err == nil {
			_, err = s.withCamera(ctx, func(ctx context.Context, cam *camera.Camera) (string, error) {
				ctx, cancel := context.WithTimeout(ctx, calibrationTime)
				defer cancel()
				stills, _, err := takeStills(ctx, cam, 1)
				if err != nil {
					return "", err
				}
				m, err = chart.Measure(stills[0], v.Bar)
				return "", err
			})
		}
		if err != nil {
			yield(result{"chart", false, err.Error()})
			return
		}
		for _, f := range m.Judge(v.Place) {
			if !yield(result{f.Name, f.OK, f.Words}) {
				return
			}
		}
	}
}
