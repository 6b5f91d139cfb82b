// SPDX-License-Identifier: EUPL-1.2

package zms

import (
	"encoding/json"
	"slices"
	"testing"
)

func TestLoose(t *testing.T) {
	for text, want := range map[string]struct {
		text   string
		number int64
		yes    bool
	}{
		`12`: {"12", 12, true}, `"12"`: {"12", 12, true}, `" 12 "`: {"12", 12, true}, `12.0`: {"12.0", 12, true}, `null`: {"", 0, false}, `""`: {"", 0, false},
		`true`: {"true", 0, true}, `"0"`: {"0", 0, false}, `false`: {"false", 0, false}, `"x"`: {"x", 0, false}, `1e300`: {"1e300", 0, false}, `-1`: {"-1", -1, true},
	} {
		var l loose
		if err := json.Unmarshal([]byte(text), &l); err != nil || string(l) != want.text || l.number() != want.number || l.yes() != want.yes {
			t.Errorf("%s: %q %d %t, %v", text, l, l.number(), l.yes(), err)
		}
	}
	for _, text := range []string{`{}`, `[]`, `["1"]`} {
		if json.Unmarshal([]byte(text), new(loose)) == nil {
			t.Errorf("%s is a single value", text)
		}
	}
}

func TestFew(t *testing.T) {
	for text, want := range map[string][]loose{
		`[1,"2"]`: {"1", "2"}, `{"0":1,"1":2}`: {"1", "2"}, `{"10":3,"2":1,"x":0}`: {"0", "1", "3"}, `[]`: nil, `{}`: nil, `null`: nil,
	} {
		got := few[loose]{"left"}
		if err := json.Unmarshal([]byte(text), &got); err != nil || !slices.Equal(got, want) {
			t.Errorf("%s: %q, %v, want %q", text, got, err, want)
		}
	}
}

func FuzzParseProcess(f *testing.F) {
	f.Add([]byte(`{"meta":{"error":false},"data":{"id":"82252","status":"confirmed","appointments":[{"date":"1796113800","slotCount":"2","availability":{"slotTimeInMinutes":10}}],"clients":[{"familyName":"x"}],"queue":{"number":7}}}`))
	f.Add([]byte(`{"meta":[],"data":{"id":82252,"status":"x","appointments":{"1":{}},"queue":[]}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		var m message
		if json.Unmarshal(data, &m) != nil {
			return
		}
		p, err := parseProcess(m, "82252")
		if err != nil {
			return
		}
		if p.ID != "82252" || p.Length <= 0 || p.Persons < 1 || p.Persons > 255 {
			t.Fatalf("got %+v", p)
		}
		if _, err := p.arrived(p.Start); err != nil {
			t.Error(err)
		}
	})
}
