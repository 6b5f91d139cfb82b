// SPDX-License-Identifier: EUPL-1.2

package retention

import (
	"fmt"
	"slices"
)

// Why a limit is what it is.
const (
	Law     = "law"     // PassDEUEV 1f(2), PAuswV 6a(2): never longer
	Default = "default" // ours; the office decides
)

// A Class is a kind of what is kept, and for how long at most.
type Class struct {
	Name  string // in receipts and reports
	What  string
	Keep  Period // the zero Period: at once
	Basis string // Law or Default

	table string // where it lies at the office; empty: it does not
	since string // the column, or expression, from which Keep counts
	where string // which rows hold it
	erase string // the statement up to WHERE; empty: erased by its own package
	dated bool   // since is a date as text, not milliseconds
	quiet bool   // nothing of a citizen: no receipt
}

// AtOffice says whether the class lies in the office's store.
func (c Class) AtOffice() bool { return c.table != "" }

// Limits is the table with the office's own limits in place of the defaults, by
// class. The law's are not the office's to change: they travel with the photo.
func Limits(own map[string]string) ([]Class, error) {
	classes := Classes()
	for name, text := range own {
		i := slices.IndexFunc(classes, func(c Class) bool { return c.Name == name })
		switch {
		case i < 0:
			return nil, fmt.Errorf("keep: there is no class %q", name)
		case classes[i].Basis == Law:
			return nil, fmt.Errorf("keep: the limit of %s is the law's", name)
		case !classes[i].AtOffice():
			return nil, fmt.Errorf("keep: %s is the station's", name)
		}
		p, err := ParsePeriod(text)
		if err != nil {
			return nil, fmt.Errorf("keep: %s: %w", name, err)
		}
		classes[i].Keep = p
	}
	return classes, nil
}

// unknown takes the place of an appointment's id that was erased.
const unknown = "0000000000000000"

// Classes is the whole table of what station and office keep. The station
// enforces its own lines: session, outbox.
func Classes() []Class { return slices.Concat(atStation(), ofVisits(), ofAppointments(), staff()) }

func atStation() []Class {
	return []Class{
		{Name: "visit", What: "pictures and answers of a visit at the station, in memory", Basis: Default},
		{Name: "outbox", What: "sealed capture at the station, until the office's receipt has verified", Keep: Hours(96), Basis: Law},
		{Name: "proof", What: "the office's receipt at the station, counted from the capture", Keep: Hours(96), Basis: Default},
		{Name: "template", What: "face templates and embeddings: never made and never stored", Basis: Default},
	}
}

// ofVisits is what holds something of those who were at a station. A capture's time
// counts from the moment it was taken: expires_at is 96 hours after that.
func ofVisits() []Class {
	return []Class{
		{
			Name: "photo", What: "sealed capture at the office, counted from the capture; earlier an hour after the clerk's decision, or once the registry software has it", Keep: Hours(96), Basis: Law,
			table: "items", since: "expires_at - 345600000", where: "erased_at = 0",
		},
		{ // an appointment lies at most 96 hours after its capture
			Name: "assignment", What: "which appointment a capture belonged to", Keep: Days(11), Basis: Default,
			table: "items", since: "received_at", where: "appointment <> '" + unknown + "'",
			erase: `UPDATE items SET appointment = '` + unknown + `'`,
		},
		{
			Name: "finding", What: "what became of a capture: decision, reason, station, without picture and person", Keep: Days(90), Basis: Default,
			table: "items", since: "received_at", where: "erased_at <> 0",
			erase: `DELETE FROM items`,
		},
		{
			Name: "audit", What: "the record of what was done: ids, never names of citizens", Keep: Months(12), Basis: Default,
			table: "audit", since: "at", where: "1 = 1",
		},
		{
			Name: "measurement", What: "what was measured of a visit, without person and time of day", Keep: Months(36), Basis: Default,
			table: "visits", since: "day", where: "1 = 1", dated: true,
			erase: `DELETE FROM visits`,
		},
	}
}

// ofAppointments is what holds something of those who have an appointment or want one.
func ofAppointments() []Class {
	return []Class{
		{
			Name: "appointment", What: "an appointment's name, address for mail and typed code, counted from its slot", Keep: Days(7), Basis: Default,
			table: "appointment", since: "start_at", where: "(name <> '' OR email <> '')",
			erase: `UPDATE appointment SET name = '', email = '', terminkennung = 'erased ' || id`,
		},
		{
			Name: "letter", What: "a mail to a citizen that the mail server did not take: which appointment, or the address of who left a wish, counted from when it was due", Keep: Days(7), Basis: Default,
			table: "post", since: "due_at", where: "lane = 'letters'",
			erase: `DELETE FROM post`,
		},
		{
			Name: "slot", What: "an appointment without name and code", Keep: Months(12), Basis: Default,
			table: "appointment", since: "start_at", where: "name = '' AND email = ''",
			erase: `DELETE FROM appointment`,
		},
		{
			Name: "seat", What: "the calendar's slots and which appointment had which seat, by its number", Keep: Months(12), Basis: Default,
			table: "slot", since: "start_at", where: "1 = 1", quiet: true,
			erase: `DELETE FROM slot`,
		},
		{ // the queue itself erases a wish when it ends: this is for what it missed
			Name: "wish", What: "a wish for an appointment with its address for mail, counted from its last day; it is erased as soon as it ends", Keep: Days(30), Basis: Default,
			table: "wish", since: "(last_day + 1) * 86400000", where: "state <> 'submitted'",
			erase: `DELETE FROM wish`,
		},
		{
			Name: "unconfirmed", What: "a wish that nobody confirmed, counted from the end of the time for it", Keep: Hours(1), Basis: Default,
			table: "wish", since: "until_at", where: "state = 'submitted'",
			erase: `DELETE FROM wish`,
		},
		{
			Name: "tally", What: "what became of wishes and how long they waited, counted by the day", Keep: Months(36), Basis: Default,
			table: "wish_tally", since: "day", where: "1 = 1", dated: true, quiet: true,
			erase: `DELETE FROM wish_tally`,
		},
		{
			Name: "checkin", What: "which code was shown when and where, and the answer, by the appointment's number", Keep: Days(7), Basis: Default,
			table: "fact", since: "noted_at", where: "1 = 1",
			erase: `DELETE FROM fact`,
		},
		{
			Name: "zms", What: "an appointment's number and key in the city's ZMS, counted from the end of its day", Keep: Hours(1), Basis: Default,
			table: "zms_process", since: "over_at", where: "1 = 1", quiet: true,
			erase: `DELETE FROM zms_process`,
		},
	}
}

// staff is what holds something of the office's own people and stations.
func staff() []Class {
	return []Class{
		{
			Name: "session", What: "a clerk's session, as the hash of its token", Keep: Hours(8), Basis: Default,
			table: "clerk_session", since: "started_at", where: "1 = 1", quiet: true,
			erase: `DELETE FROM clerk_session`,
		},
		{
			Name: "attempt", What: "misses of a name or an address at sign-in, as its hash", Keep: Hours(1), Basis: Default,
			table: "clerk_attempt", since: "last_at", where: "1 = 1", quiet: true,
			erase: `DELETE FROM clerk_attempt`,
		},
		{
			Name: "operation", What: "a former decision on a station's mode and hours, with the clerk's name, counted from the next one", Keep: Months(36), Basis: Default,
			table: "operations", since: "until_at", where: "until_at <> 0", quiet: true,
			erase: `DELETE FROM operations`,
		},
		{
			Name: "mail", What: "a mail to the technicians that the mail server did not take", Keep: Days(7), Basis: Default,
			table: "post", since: "due_at", where: "lane = 'alerts'", quiet: true,
			erase: `DELETE FROM post`,
		},
		{
			Name: "counter", What: "to which counter somebody was called, and so by whom", Keep: Days(7), Basis: Default,
			table: "arrival", since: "called_at", where: "counter <> ''", quiet: true,
			erase: `UPDATE arrival SET counter = ''`,
		},
		{
			Name: "journey", What: "a sign-in under way: the challenge that was set, as the hash of the browser's token", Keep: Hours(1), Basis: Default,
			table: "clerk_journey", since: "started_at", where: "1 = 1", quiet: true,
			erase: `DELETE FROM clerk_journey`,
		},
		{
			Name: "invitation", What: "a station's invitation, as its hash, counted from its end", Keep: Hours(24), Basis: Default,
			table: "invites", since: "expires_at", where: "1 = 1", quiet: true,
			erase: `DELETE FROM invites`,
		},
	}
}
