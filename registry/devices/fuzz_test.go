// SPDX-License-Identifier: EUPL-1.2

package devices

import (
	"bytes"
	"crypto/x509"
	"encoding/json"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/fotobox-project/fotobox/internal/problem"
	"github.com/fotobox-project/fotobox/upload/enrolment"
)

// FuzzRequest sends anything as the request for admission: what is let through
// gets a certificate of this office that names the station and nothing else.
func FuzzRequest(f *testing.F) {
	ca := must(generatedCA())
	for _, q := range []enrolment.Request{{Secret: make([]byte, 16), CSR: csrFor(newStation().key), Name: "Foyer"}, {CSR: "x", Name: "\x00"}} {
		f.Add(must(json.Marshal(q)))
	}
	f.Add([]byte(`{"secret":"!","csr":1}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		var q enrolment.Request
		r := httptest.NewRequest("POST", enrolment.EnrolPath, bytes.NewReader(body))
		if problem.Decode(httptest.NewRecorder(), r, longestRequest, &q) != nil {
			return
		}
		if name, err := cleanName(q.Name); err == nil && (name == "" || utf8.RuneCountInString(name) > longestName || strings.ContainsAny(name, "\x00\n\x1b")) {
			t.Errorf("name %q is let through", name)
		}
		checkCSR(t, ca, q.CSR)
	})
}

// FuzzParseCSR has the request itself, as registry software sends it and stations do.
func FuzzParseCSR(f *testing.F) {
	ca := must(generatedCA())
	f.Add(csrFor(newStation().key))
	f.Add("-----BEGIN CERTIFICATE REQUEST-----\n-----END CERTIFICATE REQUEST-----\n")
	f.Fuzz(func(t *testing.T, text string) { checkCSR(t, ca, text) })
}

// checkCSR issues a certificate for what is taken for a request, and reads it.
func checkCSR(t *testing.T, ca *Authority, text string) {
	csr, err := parseCSR(text)
	if err != nil {
		return
	}
	der, err := ca.station(csr, "0123456789abcdef", time.Now())
	if err != nil {
		t.Fatal(err)
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	if leaf.Subject.String() != "CN=0123456789abcdef" || len(leaf.URIs)+len(leaf.DNSNames)+len(leaf.IPAddresses) != 0 || leaf.IsCA || isVendor(leaf) {
		t.Errorf("certificate for %s %v", leaf.Subject, leaf.URIs)
	}
	if _, err := leaf.Verify(x509.VerifyOptions{Roots: ca.Pool(), KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}}); err != nil {
		t.Error(err)
	}
}
