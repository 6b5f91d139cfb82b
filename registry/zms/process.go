// SPDX-License-Identifier: EUPL-1.2

package zms

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/fotobox-project/fotobox/registry/book"
)

// Process is an appointment as ZMS has it.
type Process struct {
	ID      string    // as it was asked for
	Number  string    // what a call display shows
	Name    book.Name // of the citizen
	Start   time.Time // UTC
	Length  time.Duration
	Persons int
	Status  string // "confirmed", "queued", "called" and so on
	reduced bool   // ZMS has left something out: not to be sent back

	// raw is the whole process, which ZMS wants back unchanged but for what is to be changed.
	raw map[string]any
}

// unknownLength is what an appointment gets for which ZMS tells no length.
const unknownLength = 15 * time.Minute

// message is what every answer of ZMS looks like.
type message struct {
	Meta one[struct {
		Error     loose `json:"error"`
		Exception loose `json:"exception"`
		Reduced   loose `json:"reducedData"`
	}] `json:"meta"`
	Data json.RawMessage `json:"data"`
}

// entity is what is needed of a process.
type entity struct {
	ID           loose `json:"id"`
	Number       loose `json:"displayNumber"`
	Status       loose `json:"status"`
	Appointments few[struct {
		Date         loose `json:"date"`
		SlotCount    loose `json:"slotCount"`
		Availability one[struct {
			SlotMinutes loose `json:"slotTimeInMinutes"`
		}] `json:"availability"`
	}] `json:"appointments"`
	Clients few[struct {
		FamilyName loose `json:"familyName"`
	}] `json:"clients"`
}

// errAnswer says that an answer is no process. It repeats nothing of it.
var errAnswer = errors.New("answer is not the process that was asked for")

// parseProcess reads the process with that id out of an answer.
func parseProcess(m message, id string) (Process, error) {
	var e entity
	if err := json.Unmarshal(m.Data, &e); err != nil {
		return Process{}, errAnswer
	}
	p := Process{
		ID: string(e.ID), Number: string(e.Number), Status: string(e.Status),
		Persons: max(1, min(len(e.Clients), 255)), Length: unknownLength, reduced: m.Meta.value.Reduced.yes(),
	}
	if p.ID != id || len(e.Appointments) == 0 || p.Status == "" {
		return Process{}, errAnswer
	}
	if p.Number == "" {
		p.Number = p.ID
	}
	if len(e.Clients) > 0 {
		p.Name = book.NameOf(string(e.Clients[0].FamilyName))
	}
	first := e.Appointments[0]
	p.Start = time.Unix(first.Date.number(), 0).UTC()
	minutes := max(first.SlotCount.number(), 1) * first.Availability.value.SlotMinutes.number()
	if minutes > 0 && minutes <= 255 {
		p.Length = time.Duration(minutes) * time.Minute
	}
	d := json.NewDecoder(bytes.NewReader(m.Data))
	d.UseNumber() // what goes back is what came
	if err := d.Decode(&p.raw); err != nil {
		return Process{}, errAnswer
	}
	return p, nil
}

// Draft is the appointment for the office's own book. The book checks it.
func (p Process) Draft(service uint16) book.Appointment {
	return book.Appointment{
		Name: p.Name, Start: p.Start.Truncate(time.Minute), Length: p.Length, Service: service, Persons: p.Persons, PhotoWanted: true,
	}
}

// Came says whether ZMS knows already that the citizen is there, or was.
func (p Process) Came() bool {
	switch p.Status {
	case "queued", "called", "processing", "pending", "parked", "finished", "archived":
		return true
	}
	return false
}

// arrived is the process as it goes back to ZMS: in the queue since at.
func (p Process) arrived(at time.Time) ([]byte, error) {
	queue, _ := p.raw["queue"].(map[string]any) // PHP writes an empty one as []
	if queue == nil {
		queue = map[string]any{"number": p.Number}
	}
	queue["arrivalTime"], queue["status"] = at.Unix(), "queued"
	p.raw["queue"], p.raw["status"] = queue, "queued"
	data, err := json.Marshal(p.raw)
	if err != nil {
		return nil, fmt.Errorf("write process: %w", err)
	}
	return data, nil
}
