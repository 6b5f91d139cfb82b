// SPDX-License-Identifier: EUPL-1.2

package handover

import (
	"encoding/json"
	"encoding/xml"
	"io"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/fotobox-project/fotobox/upload/envelope"
)

// FuzzRecord puts anything a station may have sealed into the record: it is
// XML, and nothing in it becomes an element or an attribute of its own.
func FuzzRecord(f *testing.F) {
	f.Add("lobby", "stationd v1", "09162000", []byte(`{"verdict":"accept","findings":[{"id":"x","value":1e300,"side":"low"}]}`), []byte("no JPEG"))
	f.Add("counter", "<!--]]>\x00", "\xff\" x=\"", []byte(`{"verdict":"<","findings":[{"name":"-->"}]}`), []byte{0xff, 0xd8})
	f.Fuzz(func(t *testing.T, mode, program, by string, report, photo []byte) {
		if len(photo) == 0 {
			return
		}
		o := opening(t, envelope.ModeLobby)
		o.Manifest.Mode, o.Manifest.Software, o.Manifest.CapturedBy = mode, program, by
		o.Manifest.Photos[1].Report, o.Photos[1] = json.RawMessage(report), photo
		text, err := Record(o)
		if err != nil {
			t.Fatal(err)
		}
		for d := xml.NewDecoder(strings.NewReader(string(text))); ; {
			token, err := d.Token()
			if err == io.EOF {
				return
			}
			if err != nil {
				t.Fatalf("%v in\n%s", err, text)
			}
			if e, ok := token.(xml.StartElement); ok && e.Name.Space != "urn:fotobox:gid-log:1" {
				t.Fatalf("element %v in\n%s", e.Name, text)
			}
		}
	})
}

// FuzzQuestion asks with anything in the query and in the header of a confirmation.
func FuzzQuestion(f *testing.F) {
	f.Add("since=5&limit=100", `"00"`)
	f.Add("since=-1&limit=501", "W/*")
	f.Add("since=%zz;limit=9223372036854775808", "")
	f.Fuzz(func(t *testing.T, query, match string) {
		r := httptest.NewRequest("GET", "/v1/handovers", nil)
		r.URL = &url.URL{Path: "/v1/handovers", RawQuery: query}
		if n, err := number(r, "since", 0, 1<<62, 0, errSince); err == nil && (n < 0 || n > 1<<62) {
			t.Errorf("since %d of %q", n, query)
		}
		if n, err := number(r, "limit", 1, largest, usual, errLimit); err == nil && (n < 1 || n > largest) {
			t.Errorf("limit %d of %q", n, query)
		}
		if tag := etag([32]byte{1}); has([]string{match}, tag) && !strings.Contains(match, tag) && !strings.Contains(match, "*") {
			t.Errorf("%q matches", match)
		}
	})
}
