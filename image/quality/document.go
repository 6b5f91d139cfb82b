// SPDX-License-Identifier: EUPL-1.2

package quality

import (
	"fmt"
	"strings"
)

// Document describes the measures as Markdown; docs/measures.md is this text, and
// a test compares them.
func Document() string {
	var b strings.Builder
	b.WriteString(documentBegin)
	fmt.Fprintf(&b, "| Measure | Name | Source | Native value | Limit | Here |\n|---|---|---|---|---|---|\n")
	for _, m := range All() {
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s | %s |\n", m.ID, m.Name, m.Source, m.Unit, m.Limit, here(m))
	}
	fmt.Fprintf(&b, "\n## What is measured, and what differs from OFIQ\n\n")
	for _, m := range All() {
		fmt.Fprintf(&b, "- **%s %s**: %s", m.ID, m.Name, m.Method)
		if m.Differs != "" {
			fmt.Fprintf(&b, " *%s*", m.Differs)
		}
		b.WriteString("\n")
	}
	return b.String()
}

const documentBegin = "# Measures\n\nWritten by `go test ./image/quality -run TestDocument -update`; do not edit.\n\n" +
	"`stationd check --measures` reports these beside the rules. They inform, and never reject: what rejects stands in [rules.md](rules.md).\n" +
	"They are taken from the photo as it is in its file, not from a portrait cut from it.\n\n" +
	"The measures of ISO/IEC 29794-5 have a native value, in a unit of their own, and a score from 0, worst, to 100. Names and mappings are those of\n" +
	"BSI OFIQ 1.0.3, its reference implementation; the mappings give all 784 scores of its conformance table. The native values follow its\n" +
	"definitions on our points of the face. Not certified. The ICAO photometry has limits instead of scores.\n\n" +
	"Some depend on the skin and not on the light: LuminanceMean is 0.18 on the darker and 0.30 on the lighter third of 51 evenly lit faces (scores 38 and 88;\n" +
	"`go test ./image/quality -run TestSkin -every 1 -v`), and shine on a dark forehead makes 3 of the 51 miss the limit of FourSquares.\n" +
	"A photo is not to be refused by them.\n\n" +
	"The aligned picture is the photo turned, scaled and shifted by a similarity to 616 x 616 pixels, so that eyes, nose tip and corners of the mouth\n" +
	"come near (251, 272), (364, 272), (308, 336), (262, 402) and (355, 402). An eye is the middle between its corners. IED is the\n" +
	"distance between the eyes. Values are rounded to six digits after the point; the same photo gives the same digits on amd64 and arm64\n" +
	"(`go test ./daemon/stationd -run TestSameOnEveryMachine`).\n\n"

// here says whether the measure is taken.
func here(m Measure) string {
	if m.Native != nil {
		return "measured"
	}
	return "mapping only: " + m.Missing
}
