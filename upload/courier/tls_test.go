// SPDX-License-Identifier: EUPL-1.2

package courier

import (
	"crypto/tls"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"
	"time"

	"github.com/google/uuid"
)

// TestOverTLS delivers over a real connection with a client certificate, after the office has
// refused one request without reading it and cut another in the middle.
func TestOverTLS(t *testing.T) {
	r := newRoute(t, takes(http.StatusCreated, nil))
	asked := 0
	srv := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		switch asked++; asked {
		case 1:
			w.WriteHeader(http.StatusInternalServerError)
			return
		case 2:
			panic(http.ErrAbortHandler)
		}
		if len(req.TLS.PeerCertificates) != 1 || req.Method != http.MethodPut {
			t.Errorf("%s with %d certificates", req.Method, len(req.TLS.PeerCertificates))
		}
		resp, err := r.office.RoundTrip(req)
		if err != nil {
			t.Error(err)
			return
		}
		w.WriteHeader(resp.StatusCode)
		_, _ = io.Copy(w, resp.Body)
	}))
	srv.TLS = &tls.Config{MinVersion: tls.VersionTLS13, ClientAuth: tls.RequireAnyClientCert}
	srv.StartTLS()
	defer srv.Close()
	r.Client = srv.Client()
	// Any certificate will do here: the office's list of stations is not the courier's matter.
	r.Client.Transport.(*http.Transport).TLSClientConfig.Certificates = srv.TLS.Certificates
	var err error
	if r.Office, err = url.Parse(srv.URL); err != nil {
		t.Fatal(err)
	}
	arrived := make(chan uuid.UUID, 1)
	r.Delivered = func(capture uuid.UUID) { arrived <- capture }

	item := r.put(t, 1)
	stop := r.run(t)
	select {
	case capture := <-arrived:
		if capture != item.Capture {
			t.Errorf("delivered %v, want %v", capture, item.Capture)
		}
	case <-time.After(20 * time.Second):
		t.Error("not delivered")
	}
	stop()
	if receipt, err := r.Box.Receipt(item); err != nil || !json.Valid(receipt) {
		t.Errorf("the receipt kept is %q, %v", receipt, err)
	}
	if got := r.office.requests(); len(got) != 1 || string(got[0].body) != sealed(1) {
		t.Errorf("the office saw %d envelopes", len(got))
	}
}
