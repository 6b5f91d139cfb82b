// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"hash/crc32"
	"image"
	"image/jpeg"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/fotobox-project/fotobox/capture/camera/cameratest"
	"github.com/fotobox-project/fotobox/image/face"
	"github.com/fotobox-project/fotobox/image/rule"
	"github.com/fotobox-project/fotobox/internal/problem"
)

const qualityTest = "/TR03122/TC-QA-FI-GID-001/1.0"

// sitterJPEG is a photo of the default sitter, drawn once for all tests.
var sitterJPEG = sync.OnceValue(func() []byte {
	img, _ := cameratest.Default().Render(image.Pt(720, 960))
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, &jpeg.Options{Quality: 95}); err != nil {
		panic("stationd: " + err.Error())
	}
	return b.Bytes()
})

func maintenance(t *testing.T) http.Handler {
	t.Helper()
	finder, err := face.New()
	if err != nil {
		t.Fatal(err)
	}
	return newConformance(conformance{finder: finder, set: rule.DePassport2025(), log: slog.New(slog.DiscardHandler)})
}

func sent(h http.Handler, method, path string, body io.Reader) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest(method, path, body))
	return w
}

// answered reads the XML of an answer strictly.
func answered(t *testing.T, w *httptest.ResponseRecorder) (r testResult) {
	t.Helper()
	if w.Code != http.StatusOK || w.Header().Get("Content-Type") != "application/xml; charset=utf-8" {
		t.Fatalf("got %d %q: %s", w.Code, w.Header().Get("Content-Type"), w.Body)
	}
	if !strings.HasPrefix(w.Body.String(), `<?xml version="1.0" encoding="UTF-8"?>`) {
		t.Errorf("begins with %.60q", w.Body)
	}
	if err := xml.Unmarshal(w.Body.Bytes(), &r); err != nil {
		t.Fatal(err)
	}
	return r
}

// TestConformance: a picture's answer holds every criterion that the set judges,
// with the values that "stationd check" finds, and the configuration.
func TestConformance(t *testing.T) {
	h, set := maintenance(t), rule.DePassport2025()
	got := answered(t, sent(h, "POST", qualityTest, bytes.NewReader(sitterJPEG())))
	if got.TestCase != "TC-QA-FI-GID-001" || got.Version != "1.0" || got.Picture == nil || got.Picture.Faces != 1 || got.Picture.Width != 720 {
		t.Errorf("got %+v %+v", got, got.Picture)
	}
	if c := got.Configuration; c.Engine != rule.Engine || c.Set != set.Name || c.Hash != set.Hash() || c.Software == "" {
		t.Errorf("configuration %+v", c)
	}
	c := checker{set: set}
	var err error
	if c.finder, err = face.New(); err != nil {
		t.Fatal(err)
	}
	name := t.TempDir() + "/sitter.jpg"
	write(t, name, sitterJPEG())
	j, err := c.judge(name)
	if err != nil {
		t.Fatal(err)
	}
	if len(got.Quality.Results) != len(set.Limits) || got.Quality.Verdict != string(j.Report.Verdict) {
		t.Errorf("%d criteria, %s; want %d, %s", len(got.Quality.Results), got.Quality.Verdict, len(set.Limits), j.Report.Verdict)
	}
	for i, f := range j.Report.Findings {
		r, c := got.Quality.Results[i], got.Configuration.Criteria[i]
		if r != resultOf(f) {
			t.Errorf("got %+v, want %+v", r, resultOf(f))
		}
		if c.ID != r.ID || c.Name != r.Name || c.Unit != r.Unit || c.Min != r.Min || c.Max != r.Max || c.Binding != r.Binding || c.Mandatory != r.Mandatory {
			t.Errorf("configured as %+v, judged as %+v", c, r)
		}
		if (r.Value == "") == (r.Reason == "") || r.Min == "" && r.Max == "" {
			t.Errorf("%s has value %q, reason %q and limits %q to %q", r.ID, r.Value, r.Reason, r.Min, r.Max)
		}
	}
}

// TestConformanceMedia: a body that is named something else than a picture is
// refused, however much like one it is; a name that says nothing is not.
func TestConformanceMedia(t *testing.T) {
	h := maintenance(t)
	for _, tt := range []struct {
		field, value string
		status       int
	}{
		{"Content-Type", "image/jpeg", 200},
		{"Content-Type", "IMAGE/PNG", 200}, // the bytes say what it is
		{"Content-Type", "application/octet-stream", 200},
		{"Content-Type", "application/x-www-form-urlencoded", 200}, // curl --data-binary
		{"Content-Type", "application/xml; charset=utf-8", 415},
		{"Content-Type", "multipart/form-data; boundary=x", 415},
		{"Content-Type", "picture", 415},
		{"Content-Type", "image/jpeg; =", 415},
		{"Content-Encoding", "gzip", 415},
		{"Content-Encoding", "identity", 200},
	} {
		body := io.Reader(bytes.NewReader(wallJPEG(t)))
		if tt.status != http.StatusOK {
			body = unread{t}
		}
		r := httptest.NewRequest("POST", qualityTest, body)
		r.Header.Set(tt.field, tt.value)
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if w.Code != tt.status || tt.status != 200 && !strings.Contains(w.Body.String(), "urn:fotobox:problem:media-type") {
			t.Errorf("%s: %s: got %d %.100q, want %d", tt.field, tt.value, w.Code, w.Body, tt.status)
		}
	}
}

// TestConformanceUnsent: who stops sending, or ends before the picture does, is told
// so, and the next one is served.
func TestConformanceUnsent(t *testing.T) {
	finder, err := face.New()
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(newConformance(conformance{
		finder: finder, set: rule.DePassport2025(), log: slog.New(slog.DiscardHandler), patience: 100 * time.Millisecond,
	}))
	defer server.Close()
	photo := wallJPEG(t)
	half := photo[:len(photo)/2]
	for _, tt := range []struct {
		name, want string
		body       []byte
		end        bool
	}{
		{"half of it", "408 Request Timeout", half, false},
		{"half of it and the end", "400 Bad Request", half, true},
		{"all", "200 OK", photo, false},
	} {
		c, err := net.Dial("tcp", server.Listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		fmt.Fprintf(c, "POST %s HTTP/1.1\r\nHost: station\r\nContent-Length: %d\r\n\r\n%s", qualityTest, len(photo), tt.body)
		if tt.end {
			c.(*net.TCPConn).CloseWrite()
		}
		answer, err := http.ReadResponse(bufio.NewReader(c), nil)
		if err != nil || answer.Status != tt.want {
			t.Errorf("%s: got %v, %v; want %s", tt.name, answer, err, tt.want)
		}
	}
}

// unread is a body that must be refused before it is read.
type unread struct{ t *testing.T }

func (u unread) Read([]byte) (int, error) {
	u.t.Error("the body was read")
	return 0, io.EOF
}

// wallJPEG is a small photo of nobody.
func wallJPEG(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, image.NewGray(image.Rect(0, 0, 120, 160)), nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestConformanceAgain: the same picture gets the same bytes.
func TestConformanceAgain(t *testing.T) {
	h := maintenance(t)
	first := sent(h, "POST", qualityTest, bytes.NewReader(sitterJPEG())).Body.String()
	if second := sent(h, "POST", qualityTest, bytes.NewReader(sitterJPEG())).Body.String(); first != second {
		t.Error("two answers to one picture differ")
	}
}

func TestConformanceConfiguration(t *testing.T) {
	got := answered(t, sent(maintenance(t), "GET", qualityTest, nil))
	set := rule.DePassport2025()
	if n := len(got.Configuration.Criteria); n != len(set.Limits) || got.Picture != nil || got.Quality != nil {
		t.Fatalf("%d criteria, want %d, and no picture", n, len(set.Limits))
	}
	for _, c := range got.Configuration.Criteria {
		if c.Method == "" || c.Source == "" || c.Clause == "" || c.Binding != set.Binds(rule.ID(c.ID)) {
			t.Errorf("criterion %+v", c)
		}
		if l := set.Limits[rule.ID(c.ID)]; c.Min != figure(l.Min) || c.Max != figure(l.Max) || c.Min == "" && c.Max == "" {
			t.Errorf("%s: limits %q to %q, want %v", c.ID, c.Min, c.Max, l)
		}
	}
}

// TestConformanceGroup: children are judged by their own set.
func TestConformanceGroup(t *testing.T) {
	h, child := maintenance(t), rule.DePassport2025Child()
	for _, r := range []*httptest.ResponseRecorder{
		sent(h, "GET", qualityTest+"?group=child", nil), sent(h, "POST", qualityTest+"?group=child", bytes.NewReader(sitterJPEG())),
	} {
		if c := answered(t, r).Configuration; c.Set != child.Name || c.Hash != child.Hash() {
			t.Errorf("judged by %s %s, want %s", c.Set, c.Hash, child.Name)
		}
	}
}

// TestConformanceBad: what is wrong is said with a problem's type; a picture's
// pixels are never decoded before they are known to be few enough.
func TestConformanceBad(t *testing.T) {
	h := maintenance(t)
	jpeg := sitterJPEG()
	for _, tt := range []struct {
		name, method, path string
		body               io.Reader
		status             int
		kind               string
	}{
		{"nothing", "POST", qualityTest, http.NoBody, 400, "empty"},
		{"text", "POST", qualityTest, strings.NewReader("hello, this is no picture"), 415, "format"},
		{"40 megapixels", "POST", qualityTest, bytes.NewReader(pngHead(8000, 5000)), 413, "too-large"},
		{"half a photo", "POST", qualityTest, bytes.NewReader(jpeg[:len(jpeg)/2]), 422, "damaged"},
		{"a photo with a hole", "POST", qualityTest, bytes.NewReader(append(bytes.Clone(jpeg[:300]), make([]byte, 5000)...)), 422, "damaged"},
		{"too many bytes", "POST", qualityTest, io.MultiReader(bytes.NewReader(pngHead(100, 100)), comments()), 413, "too-large"},
		{"another test case", "POST", "/TR03122/TC-PAD-FI-APP-002/1.0", bytes.NewReader(jpeg), 404, "test-case"},
		{"another test case's configuration", "GET", "/TR03122/TC-QA/1.0", nil, 404, "test-case"},
		{"no version", "POST", "/TR03122/TC-QA-FI-GID-001/latest", bytes.NewReader(jpeg), 404, "version"},
		{"half a version", "GET", "/TR03122/TC-QA-FI-GID-001/1.", nil, 404, "version"},
		{"no group of age", "GET", qualityTest + "?group=elephant", nil, 400, "group"},
		{"another method", "PUT", qualityTest, bytes.NewReader(jpeg), 405, "method"},
		{"another path", "GET", "/", nil, 404, "not-found"},
	} {
		w := sent(h, tt.method, tt.path, tt.body)
		var p problem.Problem
		if err := json.Unmarshal(w.Body.Bytes(), &p); err != nil {
			t.Errorf("%s: %d %q: %v", tt.name, w.Code, w.Body, err)
			continue
		}
		if w.Code != tt.status || p.Type != "urn:fotobox:problem:"+tt.kind || w.Header().Get("Content-Type") != "application/problem+json" {
			t.Errorf("%s: got %d %q, want %d %q", tt.name, w.Code, p.Type, tt.status, tt.kind)
		}
	}
}

// TestConformanceNobody: a picture without a face is judged, not refused.
func TestConformanceNobody(t *testing.T) {
	got := answered(t, sent(maintenance(t), "POST", qualityTest, bytes.NewReader(wallJPEG(t))))
	if got.Picture.Faces != 0 || got.Quality.Verdict != string(rule.Reject) {
		t.Errorf("%+v, %s", got.Picture, got.Quality.Verdict)
	}
	for _, r := range got.Quality.Results {
		if r.Side == "unclear" && (r.Value != "" || r.Reason == "" || r.Result) {
			t.Errorf("unclear: %+v", r)
		}
	}
}

// pngHead is a PNG that says how large it is, and ends.
func pngHead(w, h uint32) []byte {
	chunk := append([]byte("IHDR"), make([]byte, 13)...)
	binary.BigEndian.PutUint32(chunk[4:], w)
	binary.BigEndian.PutUint32(chunk[8:], h)
	chunk[12], chunk[13] = 8, 2 // eight bits, RGB
	b := append([]byte("\x89PNG\r\n\x1a\n\x00\x00\x00\x0d"), chunk...)
	return binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(chunk))
}

// comments are ancillary chunks of a PNG, more than a request may hold.
func comments() io.Reader {
	const length = 1 << 20
	chunk := append([]byte("\x00\x10\x00\x00tEXt"), make([]byte, length)...)
	chunk = binary.BigEndian.AppendUint32(chunk, crc32.ChecksumIEEE(chunk[4:]))
	var all []io.Reader
	for range mostPicture/length + 1 {
		all = append(all, bytes.NewReader(chunk))
	}
	return io.MultiReader(all...)
}

func write(t *testing.T, name string, data []byte) {
	t.Helper()
	if err := os.WriteFile(name, data, 0o600); err != nil {
		t.Fatal(err)
	}
}
