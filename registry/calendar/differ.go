// SPDX-License-Identifier: EUPL-1.2

package calendar

import (
	"encoding/json"
	"fmt"
	"strings"
)

// mostNamed is how many differences are named one by one.
const mostNamed = 5

// Differ says which rules and closures were added, removed and changed on the way to
// another plan, for a record: by office, group, days and hours, and never by what somebody
// typed. It is "" when nothing was.
func (p Plan) Differ(to Plan) string {
	all := append(differ("rule", p.Rules, to.Rules, Rule.name), differ("closure", p.Closures, to.Closures, Closure.name)...)
	if more := len(all) - mostNamed; more > 0 {
		all = append(all[:mostNamed], fmt.Sprintf("%d more", more))
	}
	return strings.Join(all, "; ")
}

func differ[T any](what string, was, is []T, name func(T) string) (all []string) {
	removed, added := without(was, is), without(is, was)
	if len(removed) == 1 && len(added) == 1 {
		text := what + " changed: " + name(removed[0])
		if now := name(added[0]); now != name(removed[0]) {
			text += " to " + now
		}
		return []string{text}
	}
	for _, one := range removed {
		all = append(all, what+" removed: "+name(one))
	}
	for _, one := range added {
		all = append(all, what+" added: "+name(one))
	}
	return all
}

// without gives those of list that others has not, as often as it has more of them.
func without[T any](list, others []T) (left []T) {
	text := func(one T) string {
		b, err := json.Marshal(one)
		if err != nil {
			panic("calendar: " + err.Error()) // every rule and closure has a text
		}
		return string(b)
	}
	n := map[string]int{}
	for _, one := range others {
		n[text(one)]++
	}
	for _, one := range list {
		if n[text(one)]--; n[text(one)] < 0 {
			left = append(left, one)
		}
	}
	return left
}

func (r Rule) name() string {
	return fmt.Sprintf("%s/%s %s %s-%s", r.Office, r.Group, r.Days, r.From, r.To)
}

func (c Closure) name() string {
	text := c.Office
	if text == "" {
		text = "every office"
	}
	if text += " " + c.First.String(); c.Last != c.First {
		text += " to " + c.Last.String()
	}
	if c.To != 0 {
		text += fmt.Sprintf(" %s-%s", c.From, c.To)
	}
	return text
}
