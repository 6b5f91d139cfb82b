// SPDX-License-Identifier: EUPL-1.2

package devices

import (
	"context"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// Warning is how long before its end a certificate is called ending: stations
// renew theirs every day, so the station is away, and comes back by itself
// only until Grace after it has ended.
const Warning = 3 * 24 * time.Hour

// lookEvery is how often the certificates are looked through.
const lookEvery = time.Hour

// Standing is how it stands with a station's certificate.
type Standing string

// The standings.
const (
	Valid   Standing = "valid"
	Ending  Standing = "ending" // in less than Warning
	Ended   Standing = "ended"  // the station may still renew it until Grace is over, then it must be invited again
	Revoked Standing = "revoked"
)

// Standing says how it stands with the station's newest certificate at now.
func (v Device) Standing(now time.Time) Standing {
	switch left := v.ValidUntil.Sub(now); {
	case !v.RevokedAt.IsZero():
		return Revoked
	case left <= 0:
		return Ended
	case left < Warning:
		return Ending
	}
	return Valid
}

// String names the task.
func (d *Devices) String() string { return "stations" }

// Run warns of certificates that end, until ctx ends.
func (d *Devices) Run(ctx context.Context) error {
	for said := map[string]time.Time{}; ; {
		d.warn(ctx, time.Now(), said)
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(lookEvery):
		}
	}
}

// warn writes one line a day for each station whose certificate ends soon, and
// one when it has ended. Said has what was written when, by station.
func (d *Devices) warn(ctx context.Context, now time.Time, said map[string]time.Time) {
	list, err := d.List(ctx)
	if err != nil && ctx.Err() == nil {
		d.log.Error("certificates of stations were not looked through", "error", err)
	}
	for _, v := range list {
		key := v.ID + string(v.Standing(now))
		switch {
		case v.Standing(now) == Ending && now.Sub(said[key]) >= 24*time.Hour:
			d.log.Warn("station's certificate ends soon, it was not renewed", "device", v.ID, "until", v.ValidUntil, "seen", v.SeenAt)
		case v.Standing(now) == Ended && said[key].IsZero():
			d.log.Warn("station's certificate has ended, the station renews it when it is switched on, or must be invited again later", "device", v.ID, "until", v.ValidUntil, "renews_until", v.ValidUntil.Add(Grace))
		default:
			continue
		}
		said[key] = now
	}
}

var _ prometheus.Collector = (*Devices)(nil)

func certificateDesc() *prometheus.Desc {
	return prometheus.NewDesc("fotobox_station_certificate_seconds", "Time until a station's newest certificate ends; below 0 it has ended. Revoked stations are left out.", []string{"device"}, nil)
}

// Describe tells Prometheus what is known of the stations.
func (d *Devices) Describe(to chan<- *prometheus.Desc) { to <- certificateDesc() }

// Collect gives Prometheus the time that each certificate has left.
func (d *Devices) Collect(to chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	list, err := d.List(ctx)
	if err != nil {
		to <- prometheus.NewInvalidMetric(certificateDesc(), err)
		return
	}
	for _, v := range list {
		if v.RevokedAt.IsZero() {
			to <- prometheus.MustNewConstMetric(certificateDesc(), prometheus.GaugeValue, time.Until(v.ValidUntil).Seconds(), v.ID)
		}
	}
}
