// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"sync"
	"time"

	"filippo.io/age"
	"github.com/google/uuid"

	"github.com/fotobox-project/fotobox/appointment"
	"github.com/fotobox-project/fotobox/internal/durable"
	"github.com/fotobox-project/fotobox/upload/courier"
	"github.com/fotobox-project/fotobox/upload/enrolment"
	"github.com/fotobox-project/fotobox/upload/envelope"
	"github.com/fotobox-project/fotobox/upload/outbox"
)

// A station is its outbox with the courier that empties it.
type station struct {
	box        *outbox.Outbox
	recipients []age.Recipient
	wake       chan struct{}
	stop       func() error // ends the courier
}

// enrolled is what the station keeps of its enrolment.
type enrolled struct {
	Key    ed25519.PrivateKey
	Answer enrolment.Answer
}

const enrolledFile = "enrolled.json"

// openStation opens the outbox and runs the courier; the first time it enrols.
func openStation(o *office) (*station, error) {
	var e enrolled
	data, err := os.ReadFile(filepath.Join(stationDir, enrolledFile))
	if errors.Is(err, os.ErrNotExist) {
		e, err = enrol()
	} else if err == nil {
		err = json.Unmarshal(data, &e)
	}
	if err != nil {
		return nil, err
	}
	s := &station{wake: make(chan struct{}, 1)}
	if s.recipients, err = envelope.ParseRecipients(e.Answer.Recipients); err != nil {
		return nil, err
	}
	if s.box, err = outbox.Open(filepath.Join(stationDir, "outbox")); err != nil {
		return nil, err
	}
	c := &courier.Courier{
		Box: s.box, Client: e.client(), Office: &url.URL{Scheme: "https", Host: address}, Log: slog.New(slog.NewTextHandler(os.Stdout, nil)), Wake: s.wake,
		ReceiptKey: func() ed25519.PublicKey { return e.Answer.ReceiptKey },
	}
	ctx, cancel := context.WithCancel(context.Background())
	stopped := make(chan error, 1)
	go func() { stopped <- c.Run(ctx) }()
	s.stop = sync.OnceValue(func() error {
		cancel()
		return <-stopped
	})
	return s, nil
}

func (s *station) close() {
	if err := errors.Join(s.stop(), s.box.Close()); err != nil {
		fmt.Println("fault: closing the station:", err)
	}
}

// enrol lets the station in by a code, as stationd enrol does.
func enrol() (e enrolled, err error) {
	said, err := registryd("invite")
	if err != nil {
		return e, err
	}
	invite, err := enrolment.ParseInvite(regexp.MustCompile(`(?m)^FBE1:\S+$`).FindString(said))
	if err != nil {
		return e, err
	}
	if _, e.Key, err = ed25519.GenerateKey(rand.Reader); err != nil {
		return e, err
	}
	der, err := x509.CreateCertificateRequest(rand.Reader, &x509.CertificateRequest{}, e.Key)
	if err != nil {
		return e, err
	}
	csr := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE REQUEST", Bytes: der})
	body, err := json.Marshal(enrolment.Request{Secret: invite.Secret[:], CSR: string(csr), Name: "Foyer"})
	if err != nil {
		return e, err
	}
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: invite.TLS(nil), DisableKeepAlives: true}}
	a, err := client.Post("https://"+invite.Address+enrolment.EnrolPath, "application/json", bytes.NewReader(body))
	if err != nil {
		return e, err
	}
	defer a.Body.Close()
	if a.StatusCode != http.StatusCreated {
		return e, fmt.Errorf("enrolment answers %s", a.Status)
	}
	if err := json.NewDecoder(a.Body).Decode(&e.Answer); err != nil {
		return e, err
	}
	return e, e.keep()
}

func (e enrolled) keep() error {
	data, err := json.Marshal(e)
	if err != nil {
		return err
	}
	d, err := durable.Open(stationDir)
	if err != nil {
		return err
	}
	return errors.Join(d.Write(enrolledFile, bytes.NewReader(data)), d.Close())
}

func (e enrolled) client() *http.Client {
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM([]byte(e.Answer.CA))
	leaf, _ := pem.Decode([]byte(e.Answer.Certificate.Certificate))
	return &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{
		RootCAs: pool, Certificates: []tls.Certificate{{Certificate: [][]byte{leaf.Bytes}, PrivateKey: e.Key}},
	}}}
}

// photo is a JPEG's beginning and the text for which the host searches the disks.
func photo(id uuid.UUID) []byte {
	return append([]byte("\xff\xd8\xff\xe0"), bytes.Repeat([]byte(os.Getenv(photoKey)+" "+id.String()+"\n"), 2000)...)
}

// put seals a capture and says that it is stored once it is.
func (s *station) put() error {
	id, appt := uuid.Must(uuid.NewV7()), appointment.ID{}
	rand.Read(appt[:])
	m := envelope.Manifest{
		Capture: id, Appointment: appt, CapturedAt: time.Now(), CapturedBy: "09162000", Mode: envelope.ModeLobby,
		Software: "lab", Photos: []envelope.Photo{{Chosen: true, Report: json.RawMessage(`{"verdict":"accept"}`)}},
	}
	var sealed bytes.Buffer
	if err := envelope.Seal(&sealed, m, [][]byte{photo(id)}, s.recipients); err != nil {
		return err
	}
	if err := s.box.Put(outbox.Item{Capture: id, Appointment: appt}, &sealed); err != nil {
		return err
	}
	fmt.Println("stored", id)
	select {
	case s.wake <- struct{}{}:
	default:
	}
	return nil
}

// deliver waits until everything is at the office.
func (s *station) deliver() error {
	for deadline := time.Now().Add(2 * time.Minute); ; time.Sleep(20 * time.Millisecond) {
		items, err := s.box.Pending()
		if err != nil || len(items) == 0 {
			return err
		}
		if time.Now().After(deadline) {
			return fmt.Errorf("%d captures wait since two minutes", len(items))
		}
	}
}

func (s *station) recovered(o *office) error {
	if err := s.deliver(); err != nil {
		return err
	}
	refused, err := s.box.Refused()
	if err == nil && len(refused) > 0 {
		err = fmt.Errorf("the office refused %d captures", len(refused))
	}
	if err != nil {
		return err
	}
	return o.tell()
}

func (s *station) flow(o *office) error {
	if err := s.recovered(o); err != nil {
		return err
	}
	fmt.Println("flow")
	for {
		if err := s.put(); err != nil {
			return err
		}
	}
}

// check leaves one capture that the office never gets.
func (s *station) check(o *office) error {
	if err := errors.Join(s.recovered(o), o.openAll(), s.stop()); err != nil {
		return err
	}
	return s.put()
}

// late looks 97 hours later, when neither may have anything.
func (s *station) late(o *office) error {
	if err := errors.Join(s.deliver(), o.awaitEmpty()); err != nil {
		return err
	}
	return o.tell()
}
