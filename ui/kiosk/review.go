// SPDX-License-Identifier: EUPL-1.2

package kiosk

import (
	"fmt"
	"slices"
	"strings"

	"github.com/fotobox-project/fotobox/daemon/session"
	"github.com/fotobox-project/fotobox/ui/text"
)

const (
	shownPhotos   = 3 // people choose among few
	shownFindings = 3 // nobody repairs more at once
)

// review offers the best photos with what is open in plain words.
func (c screen) review(d *Document, s session.State, l text.Language) {
	n := min(len(s.Photos), shownPhotos)
	for i := range n {
		d.Photos = append(d.Photos, c.photo(s, i, n, l))
	}
	good := slices.ContainsFunc(d.Photos, func(p Photo) bool { return p.Good })
	switch {
	case good && n > 1:
		d.say(l, "review.choose")
	case !good && s.MayRetake():
		d.say(l, "review.open")
	case !good:
		d.say(l, "review.last")
	}
	if !s.MayRetake() {
		d.Warning = l.Text("kiosk.review.no-more")
	}
}

// consent shows the one photo that is meant.
func (c screen) consent(d *Document, s session.State, l text.Language) {
	d.Text = l.Text("kiosk.consent.text", c.officeName(l))
	for _, key := range []string{"sealed", "erased", "counter"} {
		d.Tips = append(d.Tips, Tip{key, l.Text("kiosk.consent." + key)})
	}
	if s.Chosen < len(s.Photos) {
		p := c.photo(s, s.Chosen, 1, l)
		p.Findings, p.State, p.Chosen = nil, "", true
		d.Photos = []Photo{p}
	}
}

// photo is the i-th of n. Its address names the attempt too, since a browser
// shows a picture that it already has for the same address.
func (c screen) photo(s session.State, i, n int, l text.Language) Photo {
	p := Photo{
		Number: i,
		URL:    fmt.Sprintf("/photo/%s/%d/%d", c.boot.nonce(s.Visit), s.Attempts, i),
		Label:  l.Text("kiosk.photo.one"),
		Good:   s.Photos[i].Accepted,
		Chosen: i == min(s.Chosen, n-1),
	}
	if n > 1 {
		p.Label = l.Text("kiosk.photo.of", i+1)
	}
	for _, key := range s.Photos[i].Advice {
		if tip := advice(l, key); !slices.Contains(p.Findings, tip) && len(p.Findings) < shownFindings {
			p.Findings = append(p.Findings, tip)
		}
	}
	p.State = l.Text("kiosk.photo.good")
	switch n := len(p.Findings); {
	case n == 1:
		p.State = l.Text("kiosk.photo.hint")
	case n > 1:
		p.State = l.Text("kiosk.photo.hints", n)
	}
	return p
}

// advice is what to do about an open finding, with the rule's sign. A key without
// a sentence is not shown as a key: people see that something is open and that the
// office looks at it.
func advice(l text.Language, key string) Tip {
	key = strings.TrimPrefix(key, "advice.")
	if !l.Has("advice." + key) {
		return Tip{"info", l.Text("kiosk.photo.unclear")}
	}
	rule, _, _ := strings.Cut(key, ".")
	return Tip{rule, l.Text("advice." + key)}
}

// officeName is the office as it is called in a sentence.
func (c screen) officeName(l text.Language) string {
	if c.office == "" {
		return l.Text("kiosk.office")
	}
	return c.office
}
