// SPDX-License-Identifier: EUPL-1.2

package book

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"html/template"
	"log/slog"
	"strings"
	"testing"
)

// TestNameHides tries every way in which a value reaches a log or an answer
// without anybody asking for it.
func TestNameHides(t *testing.T) {
	name := NameOf("CANARY Kanarienvogel")
	email, err := ParseEmail("CANARY@example.org")
	if err != nil {
		t.Fatal(err)
	}
	type inner struct{ name Name }
	values := map[string]any{
		"name": name, "pointer": &name, "appointment": Appointment{Name: name, Email: email}, "email": email,
		"unexported field": inner{name}, "slice": []Name{name}, "map": map[string]Name{"n": name},
	}
	for what, v := range values {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d", "%T %v"} {
			expect(t, what+" "+verb, fmt.Sprintf(strings.ReplaceAll(verb, "%T ", ""), v))
		}
		var log bytes.Buffer
		slog.New(slog.NewTextHandler(&log, nil)).Info("text", "v", v)
		slog.New(slog.NewJSONHandler(&log, nil)).Info("json", "v", v)
		expect(t, what+" slog", log.String())
		if what != "unexported field" {
			data, err := json.Marshal(v)
			expect(t, what+" json", fmt.Sprint(string(data), err))
		}
		if what != "map" {
			data, err := xml.Marshal(v)
			expect(t, what+" xml", fmt.Sprint(string(data), err))
		}
	}
	var page strings.Builder
	err = template.Must(template.New("").Parse(`{{.}} <p title="{{.}}">`)).Execute(&page, name)
	expect(t, "html/template", fmt.Sprint(page.String(), err))
	expect(t, "error", fmt.Errorf("open %v: %w", name, fmt.Errorf("%s", name)).Error())
}

func expect(t *testing.T, what, got string) {
	t.Helper()
	if strings.Contains(got, "CANARY") || strings.Contains(got, fmt.Sprintf("%x", "CANARY")) {
		t.Errorf("%s shows the name: %s", what, got)
	}
}

func TestNameReveal(t *testing.T) {
	if got := NameOf("  Käthe Groß ").Reveal(); got != "Käthe Groß" {
		t.Errorf("Reveal() = %q", got)
	}
	if got := (Name{}).Reveal(); got != "" {
		t.Errorf("zero name: Reveal() = %q", got)
	}
	if !NameOf("a").Equal(NameOf(" a")) || NameOf("a").Equal(Name{}) {
		t.Error("Equal compares something else than the text")
	}
}

func TestNameHas(t *testing.T) {
	for _, tc := range []struct {
		name, part string
		want       bool
	}{
		{"Käthe Groß", "groß", true}, {"Käthe Groß", "GROSS", true}, {"Käthe Groß", "kaethe", true},
		{"Mueller", "müll", true}, {"Käthe  Groß", "the g", true}, {"Käthe Groß", "xyz", false}, {"", "a", false},
	} {
		if got := NameOf(tc.name).Has(tc.part); got != tc.want {
			t.Errorf("%q has %q: got %v, want %v", tc.name, tc.part, got, tc.want)
		}
	}
}

func TestParseEmail(t *testing.T) {
	for _, text := range []string{"anna@example.org", " anna.muster+amt@mail.example.org ", "o'neil@example.org", "anna@bücher.example"} {
		if e, err := ParseEmail(text); err != nil || e.Reveal() != strings.TrimSpace(text) {
			t.Errorf("ParseEmail(%q) = %q, %v", text, e.Reveal(), err)
		}
	}
	for _, text := range []string{
		"", "anna", "anna@", "@example.org", "anna@example.org, ben@example.org", "Anna <anna@example.org>", "<anna@example.org>",
		"anna@example.org\r\nBcc: all@example.org", "anna\x00@example.org", strings.Repeat("a", 250) + "@example.org", "anna@exam ple.org",
	} {
		if e, err := ParseEmail(text); !errors.Is(err, ErrEmail) || e.Reveal() != "" {
			t.Errorf("ParseEmail(%q) = %q, %v", text, e.Reveal(), err)
		}
	}
}

// TestParseName: what somebody types is a name in one line.
func TestParseName(t *testing.T) {
	for typed, want := range map[string]string{
		" Zoë  Müller ": "Zoë  Müller", "李雷": "李雷", "O'Neill-Đặng": "O'Neill-Đặng", strings.Repeat("ä", 200): strings.Repeat("ä", 200),
		"": "", " \t": "", strings.Repeat("a", 201): "", "a\nBcc: b": "", "a\x00": "", "a\xff": "",
	} {
		n, err := ParseName(typed)
		if n.Reveal() != want || (err != nil) != (want == "") {
			t.Errorf("%q: got %q (%v), want %q", typed, n.Reveal(), err, want)
		}
	}
}
