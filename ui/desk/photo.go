// SPDX-License-Identifier: EUPL-1.2

package desk

import (
	"net/http"
	"strconv"

	"github.com/fotobox-project/fotobox/registry/inbox"
)

// photo shows one photo in its full size.
func (d *desk) photo(w http.ResponseWriter, r *http.Request, clerk string) error {
	v, err := d.open(r, clerk)
	if err != nil {
		return err
	}
	n, err := strconv.Atoi(r.PathValue("n"))
	if err != nil || n < 1 || n > len(v.Photos) {
		return errPhoto
	}
	return jpeg(w, v.Photos[n-1], "inline")
}

// download hands over the photo that was taken over, byte for byte as the
// station made it.
func (d *desk) download(w http.ResponseWriter, r *http.Request, clerk string) error {
	v, err := d.open(r, clerk)
	if err != nil {
		return err
	}
	if v.Item.State != inbox.Taken {
		return errUntaken
	}
	if v.Taken() > len(v.Photos) {
		return errGone
	}
	return jpeg(w, v.Photos[v.Taken()-1], `attachment; filename="`+v.Item.Appointment.String()+`.jpg"`)
}

func jpeg(w http.ResponseWriter, photo []byte, disposition string) error {
	w.Header().Set("Content-Type", "image/jpeg")
	w.Header().Set("Content-Disposition", disposition)
	w.Header().Set("Content-Length", strconv.Itoa(len(photo)))
	_, _ = w.Write(photo) // a browser that went away needs no photo
	return nil
}
