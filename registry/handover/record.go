// SPDX-License-Identifier: EUPL-1.2

package handover

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"image/jpeg"
	"math"
	"strconv"
	"time"

	"github.com/fotobox-project/fotobox/image/rule"
	"github.com/fotobox-project/fotobox/registry/inbox"
	"github.com/fotobox-project/fotobox/upload/envelope"
)

// claim stands in every record.
const claim = ` Shaped like the gid-log of BSI TR-03121-3 Vol. 2: root, profiles and the attributes
id, min, max, tmin, tmax and result are named as its text names them. The official schema files
(gid5v1.xsd, gid6v1.xsd, biotypes6v1.xsd) are not public, so this record is checked against none of
them and stands in a namespace of its own. It is no claim of conformity. It names nobody. `

// The application profiles of the guideline, with and without a clerk who watches.
const (
	unsupervised = "GID_UnsupervisedSelfServiceFacialImageAcquisitionSystem"
	supervised   = "GID_SupervisedFacialImageAcquisitionSystem"
)

// liveSource is the source type of a picture that was taken live (TR-03121-3 Vol. 2).
const liveSource = "0x02"

// process is the root of a record of self-service.
type process struct {
	XMLName     xml.Name    `xml:"urn:fotobox:gid-log:1 MultiModalProcess"`
	Claim       string      `xml:",comment"`
	Acquisition acquisition `xml:"FaceAcquisition"`
}

// counter is the root of a record of supervised operation.
type counter struct {
	XMLName xml.Name `xml:"urn:fotobox:gid-log:1 FaceAcquisition"`
	Claim   string   `xml:",comment"`
	acquisition
}

type acquisition struct {
	Profile     string   `xml:"ApplicationProfile"`
	Capture     capture  `xml:"Capture"`
	Software    software `xml:"Software"`
	Picture     picture  `xml:"Picture"`
	Quality     *quality `xml:"Quality"` // missing when the station's report cannot be read
	AttackScore *float64 `xml:"AttackScore"`
	Decision    decision `xml:"OperatorDecision"`
}

type capture struct {
	ID          string `xml:"id,attr"`
	Appointment string `xml:"appointment,attr"`
	CapturedBy  string `xml:"captured-by,attr"`
	Mode        string `xml:"mode,attr"`
	Subject     string `xml:"subject,attr,omitempty"`
	HeadCovered bool   `xml:"head-covered,attr,omitempty"`
	ExpiresAt   string `xml:"expires-at,attr"`
}

type software struct {
	Name   string `xml:"name,attr"`
	Hash   string `xml:"hash,attr,omitempty"`
	Engine string `xml:"engine,attr,omitempty"`
	Set    string `xml:"set,attr,omitempty"`
	Limits string `xml:"set-hash,attr,omitempty"`
}

// picture describes the JPEG; its size in pixels is missing when it is none.
type picture struct {
	Type      string `xml:"type,attr"`
	Timestamp string `xml:"timestamp,attr"`
	Source    string `xml:"source-type,attr"`
	Width     int    `xml:"width,attr,omitempty"`
	Height    int    `xml:"height,attr,omitempty"`
	Bytes     int    `xml:"bytes,attr"`
	SHA256    string `xml:"sha256,attr"`
}

type quality struct {
	Verdict string  `xml:"verdict,attr"`
	Entries []entry `xml:"Entry"`
}

// entry is one criterion. tmin and tmax are the limits of the set; min and max, the ends of the scale, are
// left out, because the engine's scales have none. An open limit is missing, and so is a
// value that could not be measured.
type entry struct {
	ID        string `xml:"id,attr"`
	Name      string `xml:"name,attr"`
	Unit      string `xml:"unit,attr"`
	Mandatory bool   `xml:"mandatory,attr"`
	Binding   bool   `xml:"binding,attr"`
	TMin      string `xml:"tmin,attr,omitempty"`
	TMax      string `xml:"tmax,attr,omitempty"`
	Value     string `xml:"value,attr,omitempty"`
	Result    bool   `xml:"result,attr"` // the value lies in its limits
}

// decision is the clerk's, who is not named.
type decision struct {
	Photo int    `xml:"photo,attr"` // its place in the capture, from 1
	Of    int    `xml:"of,attr"`
	Veto  string `xml:"veto,attr,omitempty"` // ok-obvious or ok-no-reason, when the engine was overruled
	At    string `xml:"at,attr"`
}

// Record is the XML that goes with the photo that was taken over: how it was
// taken and judged, and that a clerk decided. It says in a comment what it is shaped after.
func Record(o inbox.Opening) ([]byte, error) {
	photo := o.Fetched()
	if photo == nil {
		return nil, fmt.Errorf("record of capture %s: %w", o.Item.ID, inbox.ErrUntaken)
	}
	if o.Item.Photo >= len(o.Manifest.Photos) {
		return nil, errors.New("record of a capture: its manifest lacks the photo")
	}
	a := acquire(o, photo)
	var root any = process{Claim: claim, Acquisition: a}
	if o.Manifest.Mode == envelope.ModeCounter {
		root = counter{Claim: claim, acquisition: a}
	}
	out, err := xml.MarshalIndent(root, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("record of capture %s: %w", o.Item.ID, err)
	}
	return append([]byte(xml.Header), append(out, '\n')...), nil
}

func acquire(o inbox.Opening, photo []byte) acquisition {
	i, m := o.Item, o.Manifest
	a := acquisition{
		Profile: unsupervised,
		Capture: capture{
			ID: i.ID.String(), Appointment: i.Appointment.String(), CapturedBy: m.CapturedBy, Mode: m.Mode,
			Subject: m.Subject, HeadCovered: m.HeadCovered, ExpiresAt: stamp(i.ExpiresAt),
		},
		Software:    software{Name: m.Software, Hash: m.SoftwareHash},
		Picture:     describe(photo, m.CapturedAt),
		AttackScore: m.AttackScore,
		Decision:    decision{Photo: i.Photo + 1, Of: len(o.Photos), Veto: string(i.Veto), At: stamp(i.ChangedAt)},
	}
	if m.Mode == envelope.ModeCounter {
		a.Profile = supervised
	}
	var r rule.Report
	if err := json.Unmarshal(m.Photos[i.Photo].Report, &r); err != nil || r.Verdict == "" {
		return a // the desk says so as well; the clerk has looked at the photo
	}
	a.Software.Engine, a.Software.Set, a.Software.Limits = r.Engine, r.Set, r.Hash
	a.Quality = &quality{Verdict: string(r.Verdict)}
	for _, f := range r.Findings {
		a.Quality.Entries = append(a.Quality.Entries, entry{
			ID: string(f.ID), Name: f.Name, Unit: f.Unit, Mandatory: f.Mandatory, Binding: !f.Advisory,
			TMin: figure(f.Min), TMax: figure(f.Max), Value: figure(f.Value), Result: f.Side == rule.Inside,
		})
	}
	return a
}

func describe(photo []byte, taken time.Time) picture {
	sum := sha256.Sum256(photo)
	p := picture{Type: "jpeg", Timestamp: stamp(taken), Source: liveSource, Bytes: len(photo), SHA256: hex.EncodeToString(sum[:])}
	if c, err := jpeg.DecodeConfig(bytes.NewReader(photo)); err == nil {
		p.Width, p.Height = c.Width, c.Height
	}
	return p
}

func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }

// figure writes a value as reports print it, and nothing for one that is open or unknown.
func figure(v float64) string {
	if math.IsInf(v, 0) || math.IsNaN(v) {
		return ""
	}
	return strconv.FormatFloat(math.Round(v*1e6)/1e6, 'f', -1, 64)
}
