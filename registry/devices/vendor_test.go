// SPDX-License-Identifier: EUPL-1.2

package devices

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/fotobox-project/fotobox/internal/problem"
	"github.com/fotobox-project/fotobox/registry/audit"
	"github.com/fotobox-project/fotobox/upload/enrolment"
)

// vendor is a registry software's half.
type vendor struct {
	Vendor
	tls *tls.Config
}

func (b *bench) vendor(t *testing.T, at time.Time) vendor {
	t.Helper()
	key := must(ecdsa.GenerateKey(elliptic.P256(), rand.Reader))
	v, cert, err := b.AddVendor(t.Context(), "account root", "Fachverfahren 9", csrFor(key), at)
	if err != nil {
		t.Fatal(err)
	}
	block, _ := pem.Decode([]byte(cert))
	return vendor{v, &tls.Config{RootCAs: b.keys.CA.Pool(), Certificates: []tls.Certificate{{Certificate: [][]byte{block.Bytes}, PrivateKey: key}}}}
}

// door is a listener that says whom it let in.
func (b *bench) door(t *testing.T) (address string) {
	t.Helper()
	s := httptest.NewUnstartedServer(problem.Handler(b.log, func(w http.ResponseWriter, r *http.Request) error {
		id, err := b.IdentifyVendor(r)
		if err == nil {
			json.NewEncoder(w).Encode(id)
		}
		return err
	}))
	s.Listener = tls.NewListener(s.Listener, b.keys.TLS([]string{"127.0.0.1"}))
	s.Config.ErrorLog = b.server.Config.ErrorLog
	s.Start()
	t.Cleanup(s.Close)
	return "https://" + s.Listener.Addr().String() + "/"
}

func TestVendorIsLetIn(t *testing.T) {
	b := newBench(t)
	v, door, id := b.vendor(t, time.Now()), b.door(t), ""
	if err := ask(v.tls, "GET", door, nil, &id); err != nil || id != v.ID {
		t.Fatalf("let in as %q, %v, want %s", id, err, v.ID)
	}
	list, err := b.Vendors(t.Context())
	if err != nil || len(list) != 1 || list[0].Name != "Fachverfahren 9" || list[0].SeenAt.IsZero() || !list[0].RevokedAt.IsZero() {
		t.Fatalf("list %+v, %v", list, err)
	}
	if life := list[0].ValidUntil.Sub(list[0].AddedAt).Round(time.Minute); life != VendorLife {
		t.Errorf("certificate holds %v", life)
	}
	if err := b.RevokeVendor(t.Context(), "account root", v.ID, time.Now()); err != nil {
		t.Fatal(err)
	}
	if err := b.RevokeVendor(t.Context(), "account root", v.ID, time.Now()); err != nil {
		t.Errorf("revoked twice: %v", err)
	}
	if err := ask(v.tls, "GET", door, nil, &id); !errors.Is(err, ErrRevokedVendor) {
		t.Errorf("after revocation: %v", err)
	}
	if err := b.RevokeVendor(t.Context(), "account root", "0000000000000000", time.Now()); !errors.Is(err, ErrUnknownVendor) {
		t.Errorf("revoked a stranger: %v", err)
	}
	want := []string{"account root vendor-added vendor:" + v.ID, "account root revoked vendor:" + v.ID}
	var got []string
	for e, err := range audit.All(t.Context(), b.store) {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, e.Actor+" "+e.Action+" "+e.Subject)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// TestKindsOfCertificates has each kind at the other's door.
func TestKindsOfCertificates(t *testing.T) {
	b, other := newBench(t), newBench(t)
	v, s, door, id := b.vendor(t, time.Now()), b.enrolled(t), b.door(t), ""
	if err := ask(s.tls(), "GET", door, nil, &id); !errors.Is(err, ErrUnknownVendor) {
		t.Errorf("a station as registry software: %v", err)
	}
	for path, method := range map[string]string{enrolment.StationPath: "GET", enrolment.RenewPath: "POST"} {
		if err := ask(v.tls, method, "https://"+b.addr+path, nil, &id); !errors.Is(err, ErrUnknown) {
			t.Errorf("a registry software as station at %s: %v", path, err)
		}
	}
	none := v.tls.Clone()
	none.Certificates = nil
	if err := ask(none, "GET", door, nil, &id); err == nil || !strings.Contains(err.Error(), "is required") {
		t.Errorf("without a certificate: %v", err)
	}
	stranger := other.vendor(t, time.Now()).tls
	stranger.RootCAs = b.keys.CA.Pool()
	expired := b.vendor(t, time.Now().Add(-VendorLife-time.Hour)).tls
	for name, config := range map[string]*tls.Config{"of another office": stranger, "expired": expired} {
		if err := ask(config, "GET", door, nil, &id); err == nil || !strings.Contains(err.Error(), "tls:") {
			t.Errorf("certificate %s: %v, want a refused handshake", name, err)
		}
	}
	late := &http.Request{TLS: &tls.ConnectionState{VerifiedChains: [][]*x509.Certificate{{{NotAfter: time.Now().Add(-time.Second)}}}}}
	if _, err := b.IdentifyVendor(late); err == nil || !strings.Contains(err.Error(), "expired") {
		t.Errorf("a connection that outlived its certificate: %v", err)
	}
}

func TestAddVendorRefuses(t *testing.T) {
	b := newBench(t)
	good := csrFor(newStation().key)
	for _, tt := range []struct{ name, csr, want string }{
		{"", good, "name needs"}, {strings.Repeat("x", 65), good, "name needs"}, {"a\x00b", good, "cannot be shown"}, {"Fachverfahren", "x", "not a PEM"},
	} {
		if _, _, err := b.AddVendor(t.Context(), "account root", tt.name, tt.csr, time.Now()); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%q, %.10q: %v, want %q", tt.name, tt.csr, err, tt.want)
		}
	}
}
