// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"image"
	"image/jpeg"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"filippo.io/age"
	"github.com/google/uuid"

	"github.com/fotobox-project/fotobox/image/rule"
	"github.com/fotobox-project/fotobox/registry/audit"
	"github.com/fotobox-project/fotobox/registry/book"
	"github.com/fotobox-project/fotobox/registry/clerks"
	"github.com/fotobox-project/fotobox/registry/devices"
	"github.com/fotobox-project/fotobox/registry/fleet"
	"github.com/fotobox-project/fotobox/registry/inbox"
	"github.com/fotobox-project/fotobox/registry/store"
	"github.com/fotobox-project/fotobox/registry/visits"
	deskpages "github.com/fotobox-project/fotobox/ui/desk"
	"github.com/fotobox-project/fotobox/upload/envelope"
)

const (
	clerkName, clerkPassword = "adam", "lusab-babad-gutih-tugad"
	photoSize                = 500_000 // bytes at least, of a portrait of 1244x1600 pixels
	sentSize                 = 2 << 20 // bytes of a capture that a station delivers
)

// An office is that of a whole program on SQLite, behind the two doors that matter here.
type office struct {
	dir      string
	store    *store.Store
	inbox    *inbox.Inbox
	identity *age.HybridIdentity
	servers  []*http.Server
	address  string // of the desk
	devices  string // of the stations' door; what a station sends is measured elsewhere, so without TLS
	captures []uuid.UUID
	booked   []book.Appointment
	sent     []byte // an envelope that nobody opens
}

// openOffice makes an office with 40 captures, in a folder of its own.
func openOffice(ctx context.Context) (o *office, err error) {
	o = &office{}
	if o.dir, err = os.MkdirTemp("", "measure"); err != nil {
		return nil, err
	}
	_, key, err := ed25519.GenerateKey(nil)
	if err != nil {
		return nil, err
	}
	if o.identity, err = age.GenerateHybridIdentity(); err != nil {
		return nil, err
	}
	if o.store, err = store.Open(ctx, filepath.Join(o.dir, "office.db")); err != nil {
		return nil, err
	}
	log := slog.New(slog.DiscardHandler)
	b, people := book.New(o.store, 5112000, key), clerks.New(o.store, audit.Append)
	o.inbox = inbox.New(o.store, key, []age.Identity{o.identity}, log)
	err = errors.Join(people.Add(ctx, clerkName, clerkPassword, clerks.RoleClerk), o.fill(ctx, b))
	if err != nil {
		return nil, err
	}
	o.address, err = o.serve(ctx, deskpages.New(deskpages.Office{
		Name: "Amt", Clerks: people, Book: b, Town: b, Inbox: o.inbox, Visits: visits.New(o.store, log), Stations: fleet.New(devices.New(o.store, nil, log), o.store, log), Log: log,
	}))
	if err == nil {
		o.devices, err = o.serve(ctx, o.inbox.Handler(func(*http.Request) (string, error) { return "0123456789abcdef", nil }))
	}
	return o, err
}

// serve starts a listener of this machine and gives its address.
func (o *office) serve(ctx context.Context, h http.Handler) (address string, err error) {
	var config net.ListenConfig
	l, err := config.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	server := &http.Server{Handler: h, ReadHeaderTimeout: 10 * time.Second}
	o.servers = append(o.servers, server)
	go server.Serve(l) // close ends it
	return "http://" + l.Addr().String(), nil
}

func (o *office) close() {
	for _, s := range o.servers {
		s.Close()
	}
	o.store.Close()
	os.RemoveAll(o.dir)
}

// fill books the day and delivers a capture for each of its slots.
func (o *office) fill(ctx context.Context, b *book.Book) error {
	photo, report, err := drawPortrait()
	if err != nil {
		return err
	}
	for i := range 40 {
		a, err := b.Add(ctx, book.Appointment{
			Name: book.NameOf("N. N."), Start: time.Now().Truncate(time.Minute).Add(time.Duration(i) * time.Minute), Length: 15 * time.Minute, Persons: 1, PhotoWanted: true,
		})
		if err != nil {
			return err
		}
		o.booked = append(o.booked, a)
		m := envelope.Manifest{
			Capture: uuid.Must(uuid.NewV7()), Appointment: a.ID, CapturedAt: time.Now(), CapturedBy: "05112000", Mode: envelope.ModeLobby, Software: "measure", SoftwareHash: "0",
			Photos: []envelope.Photo{{Report: report, Chosen: true}, {Report: report}, {Report: report}},
		}
		var sealed bytes.Buffer
		if err := envelope.Seal(&sealed, m, [][]byte{photo, photo, photo}, []age.Recipient{o.identity.Recipient()}); err != nil {
			return err
		}
		digest := envelope.Digest(sha256.Sum256(sealed.Bytes()))
		if _, _, err := o.inbox.Put(ctx, "0123456789abcdef", m.Capture, a.ID, digest, &sealed); err != nil {
			return err
		}
		o.captures = append(o.captures, m.Capture)
	}
	o.sent = append([]byte("age-encryption.org/v1\n"), make([]byte, sentSize)...)
	_, err = rand.Read(o.sent[32:])
	return err
}

// drawPortrait gives a portrait as large as real ones, and a report on every rule.
func drawPortrait() (photo []byte, report []byte, err error) {
	img := image.NewGray(image.Rect(0, 0, 1244, 1600))
	rand.Read(img.Pix) // never fails (crypto/rand)
	for i := range img.Pix {
		img.Pix[i] = 180 + img.Pix[i]%16
	}
	var out bytes.Buffer
	if err := jpeg.Encode(&out, img, &jpeg.Options{Quality: 95}); err != nil {
		return nil, nil, err
	}
	set := rule.DePassport2025()
	r := rule.Report{Engine: rule.Engine, Set: set.Name, Hash: set.Hash(), Verdict: rule.Accept}
	for _, one := range rule.All() {
		l := set.Limits[one.ID]
		r.Findings = append(r.Findings, rule.Finding{ID: one.ID, Name: one.Name, Mandatory: one.Mandatory, Unit: one.Unit, Min: l.Min, Max: l.Max, Value: (l.Min + l.Max) / 2})
	}
	report, err = json.Marshal(r)
	return out.Bytes(), report, err
}

// station delivers captures until ctx ends and says how many the office took.
func (o *office) station(ctx context.Context, pause time.Duration) (delivered int) {
	digest := envelope.Digest(sha256.Sum256(o.sent))
	for n := 0; ctx.Err() == nil; n++ {
		r, err := http.NewRequestWithContext(ctx, http.MethodPut, o.devices+"/v1/captures/"+uuid.Must(uuid.NewV7()).String(), bytes.NewReader(o.sent))
		if err != nil {
			return delivered
		}
		for key, value := range map[string]string{"Content-Type": "application/age", "If-None-Match": "*", "Fotobox-Appointment": o.booked[n%len(o.booked)].ID.String(), "Content-Digest": digest} {
			r.Header.Set(key, value)
		}
		w, err := http.DefaultClient.Do(r)
		if err != nil {
			return delivered
		}
		w.Body.Close()
		switch w.StatusCode {
		case http.StatusCreated:
			delivered++
		case http.StatusServiceUnavailable: // too many at once: come later, as a station does
			time.Sleep(100 * time.Millisecond)
		}
		select {
		case <-ctx.Done():
		case <-time.After(pause):
		}
	}
	return delivered
}
