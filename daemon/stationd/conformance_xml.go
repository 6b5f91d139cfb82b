// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"encoding/xml"
	"math"
	"strconv"

	"github.com/fotobox-project/fotobox/image/rule"
)

// testResult is the answer of the conformance interface. Its names follow what is
// public of TR-03122 and of the log of TR-03121 (id, min, max, result); the
// official schemas are not, so that the namespace is our own.
type testResult struct {
	XMLName       xml.Name       `xml:"urn:fotobox:tr03122:1 biocts-testresult"`
	TestCase      string         `xml:"testcase,attr"`
	Version       string         `xml:"version,attr"`
	Configuration configuration  `xml:"configuration"`
	Picture       *pictureResult `xml:"picture"`
	Quality       *qualityResult `xml:"quality"`

	set rule.Set
}

type configuration struct {
	Software string      `xml:"software"`
	Engine   string      `xml:"engine"`
	Set      string      `xml:"set"`
	Hash     string      `xml:"hash"`
	Criteria []criterion `xml:"criterion"`
}

// criterion is one criterion with its limits; an open end has no attribute.
type criterion struct {
	ID        string `xml:"id,attr"`
	Name      string `xml:"name,attr"`
	Clause    string `xml:"clause,attr"`
	Unit      string `xml:"unit,attr"`
	Mandatory bool   `xml:"mandatory,attr"`
	Binding   bool   `xml:"binding,attr"`
	Min       string `xml:"min,attr,omitempty"`
	Max       string `xml:"max,attr,omitempty"`
	Method    string `xml:"method"`
	Source    string `xml:"source"`
}

type pictureResult struct {
	Width  int    `xml:"width,attr"`
	Height int    `xml:"height,attr"`
	Colour string `xml:"colour-space,attr"`
	Faces  int    `xml:"faces,attr"`
}

type qualityResult struct {
	Verdict string   `xml:"verdict,attr"`
	Results []scored `xml:"criterion"`
}

// scored is one criterion's value; what could not be measured has none, and a reason.
type scored struct {
	ID        string `xml:"id,attr"`
	Name      string `xml:"name,attr"`
	Unit      string `xml:"unit,attr"`
	Mandatory bool   `xml:"mandatory,attr"`
	Binding   bool   `xml:"binding,attr"`
	Min       string `xml:"min,attr,omitempty"`
	Max       string `xml:"max,attr,omitempty"`
	Value     string `xml:"value,attr,omitempty"`
	Side      string `xml:"side,attr"`
	Result    bool   `xml:"result,attr"` // the value lies in its limits
	Reason    string `xml:"reason,omitempty"`
}

// configurationOf lists every criterion that the set judges.
func configurationOf(s rule.Set) configuration {
	c := configuration{Software: version(), Engine: rule.Engine, Set: s.Name, Hash: s.Hash()}
	for _, one := range rule.All() {
		if limits, judged := s.Limits[one.ID]; judged {
			c.Criteria = append(c.Criteria, criterionOf(one, limits, s.Binds(one.ID)))
		}
	}
	return c
}

func criterionOf(r rule.Rule, l rule.Limits, binds bool) criterion {
	return criterion{
		ID: string(r.ID), Name: r.Name, Clause: r.Clause, Unit: r.Unit, Mandatory: r.Mandatory, Binding: binds,
		Min: figure(l.Min), Max: figure(l.Max), Method: r.Method, Source: l.Source,
	}
}

func resultOf(f rule.Finding) scored {
	return scored{
		ID: string(f.ID), Name: f.Name, Unit: f.Unit, Mandatory: f.Mandatory, Binding: !f.Advisory,
		Min: figure(f.Min), Max: figure(f.Max), Value: figure(f.Value), Side: f.Side.String(),
		Result: f.Side == rule.Inside, Reason: f.Reason,
	}
}

// figure writes a value as reports print it, and nothing for one that is open or unknown.
func figure(v float64) string {
	if math.IsInf(v, 0) || math.IsNaN(v) {
		return ""
	}
	return strconv.FormatFloat(math.Round(v*1e6)/1e6, 'f', -1, 64)
}
