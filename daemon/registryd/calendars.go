// SPDX-License-Identifier: EUPL-1.2

package main

import "encoding/base64"

// feedKey gives the secret part of the address of an office's calendar; nil where
// the settings want no calendars.
func (o *office) feedKey() (func(office string) string, error) {
	word := o.settings.Calendars
	if word == "" {
		return nil, nil
	}
	links, err := o.links()
	if err != nil {
		return nil, err
	}
	return func(office string) string {
		first, second := links.Derive("calendar 1", word, office), links.Derive("calendar 2", word, office)
		return base64.RawURLEncoding.EncodeToString(append(first[:], second[:]...))
	}, nil
}
