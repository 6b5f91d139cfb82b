// SPDX-License-Identifier: EUPL-1.2

package model

import (
	_ "embed"
	"fmt"
	"math"
	"strconv"
	"strings"
	"sync"
)

// The names of the models.
const (
	EyeOpen    = "eye-open"
	EyeVisible = "eye-visible"
	MouthOpen  = "mouth-open"
	Smiling    = "smiling"
	Yaw        = "yaw"
	Pitch      = "pitch"
)

// Names gives the names of all models, in the table's order.
func Names() []string { return []string{EyeOpen, EyeVisible, MouthOpen, Smiling, Yaw, Pitch} }

// A Model is a weighted sum.
type Model struct {
	Name    string
	About   string // one line: what it tells, what it looks at, what it was trained on
	Bias    float64
	Weights []float64
}

// Sum is the weighted sum of the inputs, plus the bias.
func (m Model) Sum(v []float64) float64 {
	sum := m.Bias
	for i, w := range m.Weights {
		sum += float64(w * v[i])
	}
	return sum
}

// share turns a sum into 0..1.
func share(sum float64) float64 { return 1 / (1 + math.Exp(-sum)) }

// Table is the text that holds all models, and the command that writes it.
type Table struct {
	Command string
	Models  []Model
}

// String gives the table as it stands in table.txt: a line "model name bias n"
// after the comment about it, and n weights, ten a line.
func (t Table) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "# SPDX-License-Identifier: EUPL-1.2\n#\n# Written by the following command; do not edit.\n# command: %s\n", t.Command)
	for _, m := range t.Models {
		fmt.Fprintf(&b, "\n# %s\nmodel %s %s %d\n", m.About, m.Name, digits(m.Bias), len(m.Weights))
		for i, w := range m.Weights {
			end := " "
			if i%10 == 9 || i == len(m.Weights)-1 {
				end = "\n"
			}
			b.WriteString(digits(w) + end)
		}
	}
	return b.String()
}

func digits(v float64) string { return strconv.FormatFloat(v, 'g', 5, 64) }

// Parse reads what String writes.
func Parse(text string) (Table, error) {
	var t Table
	var about string
	left := 0 // weights still to come
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		comment, isComment := strings.CutPrefix(line, "# ")
		switch fields := strings.Fields(line); {
		case isComment:
			about = comment
			if command, ok := strings.CutPrefix(comment, "command:"); ok {
				t.Command = strings.TrimSpace(command)
			}
		case line == "#": // a model about which nothing is said
			about = ""
		case line == "":
		case left == 0:
			m, n, err := head(fields)
			if err != nil {
				return t, fmt.Errorf("parse models: line %q: %w", line, err)
			}
			m.About, left = about, n
			t.Models = append(t.Models, m)
		default:
			m := &t.Models[len(t.Models)-1]
			for _, f := range fields {
				w, err := strconv.ParseFloat(f, 64)
				if err != nil {
					return t, fmt.Errorf("parse models: %s: %w", m.Name, err)
				}
				m.Weights = append(m.Weights, w)
			}
			if left -= len(fields); left < 0 {
				return t, fmt.Errorf("parse models: %s has too many weights", m.Name)
			}
		}
	}
	if left > 0 {
		return t, fmt.Errorf("parse models: %d weights are missing at the end", left)
	}
	return t, nil
}

// head reads the line that begins a model.
func head(fields []string) (m Model, n int, err error) {
	if len(fields) != 4 || fields[0] != "model" {
		return m, 0, fmt.Errorf("want model, name, bias and the number of weights")
	}
	m.Name = fields[1]
	if m.Bias, err = strconv.ParseFloat(fields[2], 64); err != nil {
		return m, 0, err
	}
	if n, err = strconv.Atoi(fields[3]); err == nil && n <= 0 {
		err = fmt.Errorf("want 1 weight or more")
	}
	return m, n, err
}

//go:embed table.txt
var text string

// read reads the embedded table once. It is a fault of the build when it
// cannot be read, or lacks a model: the package's test says so.
var read = sync.OnceValue(func() map[string]Model {
	t, err := Parse(text)
	if err != nil {
		panic("model: " + err.Error())
	}
	all := map[string]Model{}
	for _, m := range t.Models {
		all[m.Name] = m
	}
	return all
})

func model(name string) Model { return read()[name] }

// Embedded is the table that the program contains.
func Embedded() (Table, error) { return Parse(text) }
