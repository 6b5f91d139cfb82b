// SPDX-License-Identifier: EUPL-1.2

package town

import (
	"bytes"
	"crypto/ed25519"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/fotobox-project/fotobox/registry/book"
	"github.com/fotobox-project/fotobox/registry/calendar"
	"github.com/fotobox-project/fotobox/registry/store/storetest"
)

func TestMain(m *testing.M) { os.Exit(storetest.Both(m).Run()) }

// TestFileIsAsWritten: reading and writing are inverse, to the byte.
func TestFileIsAsWritten(t *testing.T) {
	for name, town := range map[string]book.Town{"Duisburg": Duisburg(), "none": {}} {
		var b bytes.Buffer
		if err := Write(&b, town); err != nil {
			t.Fatal(err)
		}
		if name == "Duisburg" && !bytes.Equal(b.Bytes(), File()) {
			t.Error("the file of Duisburg is not as Write writes it")
		}
		read, err := Read(&b)
		if diff := cmp.Diff(town, read); diff != "" || err != nil {
			t.Errorf("%s: %v\n%s", name, err, diff)
		}
	}
}

const sound = `{
  "locations": [{"code": "mitte", "name": "Mitte", "online": true}],
  "services": [{"code": 102, "name": "Reisepass", "group": "pass", "minutes": 15, "seats": 1, "photo": true}],
  "rules": [
    {"office": "mitte", "group": "pass", "days": "mon",
     "from": "08:00", "to": "12:00", "minutes": 15, "public": 1}
  ],
  "closures": [{"first": "2026-12-24", "last": "2026-12-24", "reason": "Heiligabend"}]
}
`

// TestErrorsNameThePlace: whoever wrote the file finds what is wrong.
func TestErrorsNameThePlace(t *testing.T) {
	if _, err := Read(strings.NewReader(sound)); err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct{ old, new, want string }{
		{`"12:00"`, `"12:60"`, `line 6: rule 1: to: time of day "12:60": write it as 09:30`},
		{`"minutes": 15, "public"`, `"minutes": "15", "public"`, `line 6: rule 1: minutes: string where a value such as int belongs`},
		{`"days": "mon"`, `"days": "Mon"`, `line 5: rule 1: days: weekdays "Mon": write them as mon tue`},
		{`"days": "mon",`, ``, `line 5: rule 1: days: name at least one day`},
		{`"public": 1`, `"Public": 1`, `line 6: rule 1: there is no field "Public", but office, group, days`},
		{`"public": 1`, `"public": 1, "public": 2`, `line 6: rule 1: public: stands twice`},
		{`"public": 1`, `"public": 1, "releases": [{"seats": "public", "when": 3}]`, `line 6: rule 1: releases: json: unknown field "when"`},
		{`"office": "mitte"`, `"office": "ruhrort"`, `line 5: rule 1: office: "ruhrort" is none of the locations`},
		{`"first"`, `"office": "ruhrort", "first"`, `line 8: closure 1: office: "ruhrort" is none`},
		{`"last": "2026-12-24"`, `"last": "2026-12-23"`, `line 8: closure 1: `},
		{`"online": true}`, `"online": true}, {"code": "mitte", "name": "Mitte", "online": true}`, `line 2: location 2: code "mitte": there is another one`},
		{`"photo": true}`, `"photo": true}, {"code": 102}`, `line 3: service 2: code 102: there is another one`},
		{`"seats": 1`, `"seats": 0`, `line 3: service 1: a service takes`},
		{`"code": 102`, `"code": 102000`, `line 3: service 1: code: number 102000 where`},
		{"\"public\": 1}\n", "\"public\": 1},\n{\"office\": \"mitte\", \"group\": \"pass\", \"days\": \"mon\", \"from\": \"08:05\", \"to\": \"09:00\", \"minutes\": 15, \"public\": 1}\n", `line 7: rule 2: rules 1 and 2: their hours meet`},
		{`"rules": [`, `"rules": {`, `line 4: found { where [ belongs`},
		{`"mon",`, `"mon"`, `line 6: `},
		{"}\n", "", `line 9: the file ends too early`},
		{"]\n}\n", "]\n}\n{}", `line 10: something stands behind the end`},
		{`"closures": [{"first": "2026-12-24", "last": "2026-12-24", "reason": "Heiligabend"}]`, `"services": []`, `line 8: services: stands twice`},
		{",\n  \"closures\": [{\"first\": \"2026-12-24\", \"last\": \"2026-12-24\", \"reason\": \"Heiligabend\"}]", ``, `line 8: closures: the list is missing`},
		{`"rules"`, `"regeln"`, `line 4: there is no field "regeln", but locations`},
	} {
		i := strings.LastIndex(sound, tc.old)
		if i < 0 || tc.old == `"rules": [` {
			i = strings.Index(sound, tc.old)
		}
		_, err := Read(strings.NewReader(sound[:i] + tc.new + sound[i+len(tc.old):]))
		if err == nil || !strings.HasPrefix(err.Error(), "read town: "+tc.want) {
			t.Errorf("%s for %s: %v, want %q", tc.new, tc.old, err, tc.want)
		}
	}
	if _, err := Read(strings.NewReader(strings.Repeat(" ", maxFile+1))); err == nil {
		t.Error("a file without end was read")
	}
}

// TestYearFits: a year of the town's seats holds what Duisburg gave in 2023, with
// a fifth left for families, long services and what nobody wants.
func TestYearFits(t *testing.T) {
	const bookings = 266_877
	p := Duisburg().Plan
	p.Zone, p.State = book.Zone(), calendar.NordrheinWestfalen
	first, last := day(t, "2026-01-01"), day(t, "2026-12-31")
	seats, days := 0, map[calendar.Day]bool{}
	for _, s := range p.Slots(first, last) {
		seats += s.Seats
		days[calendar.DayOf(s.Start, p.Zone)] = true
	}
	if seats < bookings*6/5 || seats > bookings*8/5 {
		t.Errorf("a year has %d seats, want a fifth to three more than %d", seats, bookings)
	}
	if len(days) < 245 || len(days) > 265 {
		t.Errorf("the offices are open on %d days of the year", len(days))
	}
	t.Logf("%d seats on %d days, %d for each of %d appointments in a hundred", seats, len(days), 100*seats/bookings, bookings)
}

func day(t *testing.T, text string) calendar.Day {
	t.Helper()
	d, err := calendar.ParseDay(text)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// TestEveryServiceCanBeBooked: in every office, each of the thirty services is
// free on the day after, inside; online everywhere but in the one office.
func TestEveryServiceCanBeBooked(t *testing.T) {
	_, key, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	b, town := book.New(storetest.Open(t), 5112000, key), Duisburg()
	now := time.Date(2026, 11, 30, 12, 0, 0, 0, time.UTC) // a Monday
	if _, err := b.SetTown(t.Context(), "clerk:anna", town, now); err != nil {
		t.Fatal(err)
	}
	for _, l := range town.Locations {
		for _, s := range town.Services {
			from, to := book.Day(now.AddDate(0, 0, 1))
			all, err := b.Free(t.Context(), book.Request{Location: l.Code, Service: s.Code, Persons: 1, Inside: true}, from, to, now)
			if err != nil || len(all) == 0 {
				t.Errorf("%s, %s: %d times are free, %v", l.Code, s.Name, len(all), err)
			}
			_, err = b.Free(t.Context(), book.Request{Location: l.Code, Service: s.Code, Persons: 1}, from, to, now)
			if (err == nil) != l.Online {
				t.Errorf("%s, %s: booked online: %v", l.Code, s.Name, err)
			}
		}
	}
	if len(town.Locations) != 7 || len(town.Services) != 30 {
		t.Errorf("%d offices, %d services", len(town.Locations), len(town.Services))
	}
}
