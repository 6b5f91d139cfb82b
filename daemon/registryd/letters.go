// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"cmp"
	"time"

	"github.com/fotobox-project/fotobox/registry/post"
	"github.com/fotobox-project/fotobox/ui/letter"
)

// newLetters has citizens told of what happens to their appointments, and makes the
// box that sends it; nil where there is no mail server.
func (o *office) newLetters() (*post.Box, error) {
	if !o.settings.Mail.on() {
		return nil, nil
	}
	relay, err := o.settings.Mail.relay()
	if err != nil {
		return nil, err
	}
	links, err := o.links()
	if err != nil {
		return nil, err
	}
	o.book.Follow(letter.Follower{Remind: time.Duration(o.settings.Mail.Remind) * 24 * time.Hour})
	w := letter.Writer{Office: letter.Office{
		Name: o.keys.Name, ReplyTo: cmp.Or(o.settings.Mail.Reply, o.settings.Mail.From), Site: o.settings.Public.Site, Book: o.book, Links: links,
	}}
	for _, s := range o.settings.Public.Stations {
		w.Stations = append(w.Stations, letter.Station{Office: s.Office, Place: s.Place})
	}
	return post.Letters(o.store, relay, w, o.log), nil
}
