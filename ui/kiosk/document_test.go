// SPDX-License-Identifier: EUPL-1.2

package kiosk

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/fotobox-project/fotobox/daemon/session"
	"github.com/fotobox-project/fotobox/ui/text"
)

var noon = time.Date(2028, 11, 20, 11, 0, 0, 0, time.UTC)

// outline is what a table says of a document.
func outline(d Document) string {
	var keys, signs []string
	for _, b := range d.Buttons {
		keys = append(keys, b.Key)
	}
	if d.Preview {
		signs = append(signs, "preview")
	}
	if d.Code {
		signs = append(signs, "code")
	}
	if d.Hold > 0 {
		signs = append(signs, fmt.Sprint("hold ", d.Hold))
	}
	if d.Still != "" {
		signs = append(signs, "still")
	}
	if d.More {
		signs = append(signs, "more")
	}
	if len(d.Photos) > 0 {
		signs = append(signs, fmt.Sprint(len(d.Photos), " photos"))
	}
	if d.Hint != nil {
		signs = append(signs, "hint "+d.Hint.Key)
	}
	return fmt.Sprintf("%d %s|%s|%s|%s", d.Step, d.Title, d.Look, strings.Join(keys, " "), strings.Join(signs, " "))
}

func TestDocument(t *testing.T) {
	at := func(g session.Stage, with ...func(*session.State)) session.State {
		s := session.State{Visit: 3, Code: code(), Stage: g}
		for _, f := range with {
			f(&s)
		}
		return s
	}
	two := func(s *session.State) { s.Photos = []session.Photo{{Accepted: true}, {Accepted: true}} }
	bad := func(s *session.State) { s.Photos = []session.Photo{{Advice: []string{"roll.low"}}} }
	spent := func(s *session.State) { s.Failures = session.MaxFailures }
	for name, tc := range map[string]struct {
		state session.State
		de    string
		en    string
	}{
		"idle": {session.State{},
			"1 Passfoto für Ihren Termin|||code", "1 Passport photo for your appointment|||code"},
		"checked": {at(session.Checked, func(s *session.State) { s.Arrival = session.Arrival{Answer: "ok", Number: 471} }),
			"0 Sie sind angemeldet|good|start cancel counter|code still more", "0 You are checked in|good|start cancel counter|code still more"},
		"noted, the office does not answer": {session.State{Stage: session.Done, Outcome: session.Present, Arrival: session.Arrival{At: noon}},
			"0 Ihre Ankunft ist notiert|warn|cancel more|code", "0 Your arrival is noted|warn|cancel more|code"},
		"not noted": {at(session.Checked),
			"0 Die Anmeldung hat nicht geklappt|bad|start cancel counter|code still more", "0 The check-in did not work|bad|start cancel counter|code still more"},
		"welcome": {at(session.Welcome),
			"2 Willkommen zu Ihrem Termin||start counter cancel|still more", "2 Welcome to your appointment||start counter cancel|still more"},
		"late": {at(session.Welcome, func(s *session.State) { s.Late = true }),
			"2 Ihr Termin ist noch zu weit weg|warn|cancel start counter|still more", "2 Your appointment is still too far away|warn|cancel start counter|still more"},
		"hint": {at(session.Position, func(s *session.State) { s.Hint = "left" }),
			"3 Schauen Sie in die Kamera||release counter cancel|preview still more hint left", "3 Look into the camera||release counter cancel|preview still more hint left"},
		"hold": {at(session.Position, func(s *session.State) { s.HintSince = noon.Add(-200 * time.Millisecond) }),
			"3 Schauen Sie in die Kamera||release counter cancel|preview hold 1000 still more hint hold", "3 Look into the camera||release counter cancel|preview hold 1000 still more hint hold"},
		"held": {at(session.Position, func(s *session.State) { s.HintSince = noon.Add(-time.Hour) }),
			"3 Schauen Sie in die Kamera||release counter cancel|preview hold 1 still more hint hold", "3 Look into the camera||release counter cancel|preview hold 1 still more hint hold"},
		"capture": {at(session.Capture),
			"4 Das Foto wird gemacht||counter cancel|preview hint look", "4 Your photo is being taken||counter cancel|preview hint look"},
		"review": {at(session.Review, two),
			"5 Welches Foto möchten Sie?||keep retake counter cancel|still more 2 photos", "5 Which photo would you like?||keep retake counter cancel|still more 2 photos"},
		"review open": {at(session.Review, bad),
			"5 Das Foto kann noch besser werden||keep retake counter cancel|still more 1 photos", "5 This photo can still be improved||keep retake counter cancel|still more 1 photos"},
		"review spent": {at(session.Review, bad, spent),
			"5 Das Amt entscheidet über Ihr Foto||keep counter cancel|still more 1 photos", "5 The office will decide about your photo||keep counter cancel|still more 1 photos"},
		"consent": {at(session.Consent, two),
			"5 Dürfen wir das Foto speichern?||agree back counter cancel|still more 1 photos", "5 May we save this photo?||agree back counter cancel|still more 1 photos"},
		"extended ten times": {at(session.Consent, func(s *session.State) { s.Extended = session.MaxExtensions }),
			"5 Dürfen wir das Foto speichern?||agree back counter cancel|still", "5 May we save this photo?||agree back counter cancel|still"},
		"store": {at(session.Store),
			"6 Ihr Foto wird versiegelt|||", "6 Your photo is being sealed|||"},
		"kept": {session.State{Stage: session.Done, Outcome: session.Kept},
			"6 Ihr Foto ist gespeichert|good|cancel more|code", "6 Your photo is saved|good|cancel more|code"},
		"delivered": {session.State{Stage: session.Done, Outcome: session.Delivered},
			"6 Ihr Foto ist beim Amt|good|cancel more|code", "6 Your photo is at the office|good|cancel more|code"},
		"not stored": {session.State{Stage: session.Done, Outcome: session.NotStored},
			"0 Das Foto konnte nicht gespeichert werden|bad|cancel more|code", "0 The photo could not be saved|bad|cancel more|code"},
		"staff": {session.State{Stage: session.Done, Outcome: session.Staff},
			"0 Weiter geht es am Schalter||cancel more|code", "0 Please continue at the counter||cancel more|code"},
		"refused": {session.State{Stage: session.Done, Outcome: session.Refused, Answer: "cancelled"},
			"0 Dieser Termin wurde abgesagt|warn|cancel more|code", "0 This appointment was cancelled|warn|cancel more|code"},
	} {
		reads(t, name, tc.state, tc.de, tc.en)
	}
}

func TestOutOfOrder(t *testing.T) {
	at := func(n session.Need) session.State { return session.State{Stage: session.OutOfOrder, Missing: n} }
	closed := at(session.Hours | session.Camera)
	closed.Opens = noon
	known := at(session.Camera)
	known.Code = code()
	for name, tc := range map[string]struct {
		state session.State
		de    string
		en    string
	}{
		"no time, no camera": {at(session.Clock | session.Camera),
			"0 Die Station stellt noch ihre Uhr|warn||", "0 The station is still setting its clock|warn||"},
		"closed, and no camera": {closed,
			"0 Die Station ist gerade geschlossen|||", "0 The station is closed right now|||"},
		"card failed": {at(session.Disk),
			"0 Die Station kann gerade nichts speichern|warn||", "0 The station cannot save anything right now|warn||"},
		"lamps away": {at(session.Lamps),
			"0 Das Licht der Station ist gerade aus|warn||", "0 The light of the station is off right now|warn||"},
		"camera away": {at(session.Camera),
			"0 Die Kamera funktioniert gerade nicht|warn||", "0 The camera is not working right now|warn||"},
		"camera away in a visit": {known,
			"0 Die Kamera ist gerade nicht erreichbar|warn|counter cancel|", "0 The camera cannot be reached right now|warn|counter cancel|"},
	} {
		reads(t, name, tc.state, tc.de, tc.en)
	}
}

// reads compares the outline of a state's screen in both languages.
func reads(t *testing.T, name string, s session.State, de, en string) {
	t.Helper()
	for language, want := range map[string]string{"de": de, "en": en} {
		s.Language = language
		d := newScreen(settings(), boot{}).document(s, noon)
		if diff := cmp.Diff(want, outline(d)); diff != "" {
			t.Errorf("%s, %s (-want +got):\n%s", name, language, diff)
		}
		if d.Language != language || d.Direction != "ltr" {
			t.Errorf("%s: language %q %q, want %q ltr", name, d.Language, d.Direction, language)
		}
	}
}

// TestClosed: a citizen learns when to come back, where that is known.
func TestClosed(t *testing.T) {
	c := newScreen(settings(), boot{})
	s := session.State{Stage: session.OutOfOrder, Missing: session.Hours}
	if d := c.document(s, noon); len(d.Facts) != 0 || d.Code || d.Look != Plain {
		t.Errorf("nobody knows: %+v", d)
	}
	s.Opens = noon
	if d := c.document(s, noon); len(d.Facts) != 1 || d.Facts[0].Label != "Wieder geöffnet" || !strings.Contains(d.Facts[0].Value, "Uhr") {
		t.Errorf("facts %+v, want when the station opens", d.Facts)
	}
}

func TestRemaining(t *testing.T) {
	c := newScreen(settings(), boot{})
	for left, want := range map[time.Duration]int{
		time.Minute: 60, 20*time.Second - 1: 20, time.Millisecond: 1, 0: 0, -time.Hour: 0,
	} {
		s := session.State{Stage: session.Welcome, Deadline: noon.Add(left)}
		if got := c.document(s, noon).Remaining; got != want {
			t.Errorf("%v left: remaining %d, want %d", left, got, want)
		}
	}
}

// TestIdentity: the clock runs on under one name; what can be seen has another.
func TestIdentity(t *testing.T) {
	c := newScreen(settings(), boot{})
	s := session.State{Visit: 1, Stage: session.Position, HintSince: noon, Deadline: noon.Add(time.Minute)}
	first := c.document(s, noon).ID
	if got := c.document(s, noon.Add(300*time.Millisecond)).ID; got != first {
		t.Errorf("a moment later the screen is called %q, want %q still", got, first)
	}
	for name, change := range map[string]func(*session.State){
		"visit":    func(s *session.State) { s.Visit++ },
		"hint":     func(s *session.State) { s.Hint = "left" },
		"language": func(s *session.State) { s.Language = "en" },
		"deadline": func(s *session.State) { s.Deadline = s.Deadline.Add(time.Second) },
	} {
		other := s
		change(&other)
		if c.document(other, noon).ID == first {
			t.Errorf("another %s has the same name", name)
		}
	}
}

func TestDates(t *testing.T) {
	c := newScreen(settings(), boot{})
	s := session.State{Stage: session.Welcome, Code: code(), Late: true}
	for l, want := range map[string][]string{
		"de": {"Montag, 20. November 2028, 14:30 Uhr", "Donnerstag, 16. November 2028, 14:30 Uhr"},
		"en": {"Monday, 20 November 2028, 14:30", "Thursday, 16 November 2028, 14:30"},
	} {
		s.Language = l
		facts := c.document(s, noon).Facts
		if got := []string{facts[0].Value, facts[1].Value}; !cmp.Equal(got, want) {
			t.Errorf("%s: appointment and earliest day %q, want %q", l, got, want)
		}
	}
}

// TestForgedReadsAsUnknown: a forger learns nothing from the screen.
func TestForgedReadsAsUnknown(t *testing.T) {
	c := newScreen(settings(), boot{})
	show := func(s session.State) string { return c.document(s, noon).ID }
	s := session.State{Stage: session.Done, Outcome: session.Refused, Answer: "bad_signature"}
	forged := show(s)
	s.Answer = "unknown_key"
	if show(s) != forged {
		t.Error("an unknown key reads differently from a bad signature")
	}
	s.Answer = "expired"
	if show(s) == forged {
		t.Error("an expired code reads as a forged one")
	}
}

func TestPhotos(t *testing.T) {
	c := newScreen(settings(), boot{})
	s := session.State{Visit: 5, Stage: session.Review, Attempts: 2, Photos: []session.Photo{
		{Advice: []string{"roll.low", "roll.low", "no-such-rule.low", "focus.low", "exposure.low"}}, {Accepted: true}, {}, {},
	}}
	photos := c.document(s, noon).Photos
	if len(photos) != 3 {
		t.Fatalf("%d photos shown, want 3", len(photos))
	}
	de := text.Language("de")
	want := []Tip{{"roll", de.Text("advice.roll.low")}, {"info", de.Text("kiosk.photo.unclear")}, {"focus", de.Text("advice.focus.low")}}
	if diff := cmp.Diff(want, photos[0].Findings); diff != "" {
		t.Errorf("findings (-want +got):\n%s", diff)
	}
	s.Attempts++
	if c.document(s, noon).Photos[0].URL == photos[0].URL {
		t.Error("the photo of another attempt has the same address: a browser would show the old one")
	}
}
