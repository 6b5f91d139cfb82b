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
	v, err := d.taken(r, clerk)
	if err != nil {
		return err
	}
	return jpeg(w, v.Fetched(), `attachment; filename="`+v.Item.Appointment.String()+`.jpg"`)
}

// record hands over the XML that goes with that photo.
func (d *desk) record(w http.ResponseWriter, r *http.Request, clerk string) error {
	v, err := d.taken(r, clerk)
	if err != nil {
		return err
	}
	text, err := d.Record(v.Opening)
	if err != nil {
		return err
	}
	return file(w, text, "application/xml", `attachment; filename="`+v.Item.Appointment.String()+`.xml"`)
}

// taken opens a capture of which a photo was taken over.
func (d *desk) taken(r *http.Request, clerk string) (captureView, error) {
	v, err := d.open(r, clerk)
	switch {
	case err != nil:
		return captureView{}, err
	case v.Item.State != inbox.Taken:
		return captureView{}, errUntaken
	case v.Fetched() == nil, !v.Item.RetrievedAt.IsZero():
		return captureView{}, errGone
	}
	return v, nil
}

func jpeg(w http.ResponseWriter, photo []byte, disposition string) error {
	return file(w, photo, "image/jpeg", disposition)
}

func file(w http.ResponseWriter, content []byte, kind, disposition string) error {
	w.Header().Set("Content-Type", kind)
	w.Header().Set("Content-Disposition", disposition)
	w.Header().Set("Content-Length", strconv.Itoa(len(content)))
	_, _ = w.Write(content) // a browser that went away needs nothing
	return nil
}
