// SPDX-License-Identifier: EUPL-1.2

package desk

import (
	"context"
	"net/http"

	"github.com/fotobox-project/fotobox/registry/devices"
)

// Stations has the office's stations.
type Stations interface {
	List(ctx context.Context) ([]devices.Device, error)
}

var _ Stations = (*devices.Devices)(nil)

// stations lists the stations and how it stands with their certificates: one
// that ends belongs to a station that is away.
func (d *desk) stations(w http.ResponseWriter, r *http.Request, _ string) error {
	list, err := d.Stations.List(r.Context())
	if err != nil {
		return err
	}
	return d.show(w, r, "stations", http.StatusOK, list)
}
