// SPDX-License-Identifier: EUPL-1.2

package record

import (
	"fmt"
	"time"
)

// most is a bound of ours for blocks of one kind; the standard has none.
const most = 1000

// OrganizationSC37 is the biometric organization identifier of ISO/IEC JTC 1/SC 37,
// under which standardized algorithms are registered (ISO/IEC 19785).
const OrganizationSC37 = 0x0101

// RegistryID names an algorithm or mechanism as it is registered with the
// biometric registration authority (ISO/IEC 19785-2); both numbers 1..65535.
type RegistryID struct{ Organization, ID uint16 }

// Score is 0..100, or FailureToAssess (ISO/IEC 39794-1, ScoreOrError).
type Score int

// FailureToAssess says that an algorithm ran and could not judge.
const FailureToAssess Score = -1

// A QualityBlock is the result of one quality algorithm: 100 is best.
type QualityBlock struct {
	Algorithm RegistryID
	Score     Score
}

// A PADScoreBlock is the result of one mechanism of presentation attack
// detection. It grows with the suspicion: 0 = genuine, 100 = attack, a hundred
// times the score of TR-03121-3 Vol. 2 (FM PAD-FI-APP1).
type PADScoreBlock struct {
	Mechanism RegistryID
	Score     Score
}

// PADDataBlock is what the presentation attack detection found, and how the
// picture was taken (ISO/IEC 39794-1). What is zero or nil is left out; an
// undecided PADDecision in particular never reads as "no attack".
type PADDataBlock struct {
	Decision         PADDecision
	Scores           []PADScoreBlock
	CaptureContext   PADCaptureContext
	SupervisionLevel PADSupervisionLevel
	RiskLevel        *Score    // 0..100: how likely attacks are at this place
	CaptureDateTime  time.Time // written in UTC, to the millisecond
}

// PADDecision is what the mechanisms decided together. Code in the record: one less.
type PADDecision uint8

// The decisions.
const (
	UndecidedPAD PADDecision = iota
	NoAttack
	Attack
	PADFailureToAssess
)

// PADCaptureContext says what the picture was taken for. Code in the record: one less.
type PADCaptureContext uint8

// The contexts. A photo for a document is an enrolment.
const (
	UnknownContext PADCaptureContext = iota
	Enrolment
	Verification
	Identification
)

// PADSupervisionLevel says who watched. It is also the code in the record.
type PADSupervisionLevel uint8

// The levels, from a person who is in charge to nobody.
const (
	UnknownSupervision PADSupervisionLevel = iota
	Controlled
	Assisted
	Observed
	Unattended
)

func (r RegistryID) encode(tag uint16) []byte {
	return element(tag, integer(0x80, uint(r.Organization)), integer(0x81, uint(r.ID)))
}

func (s Score) encode(tag uint16) []byte {
	if s == FailureToAssess {
		return element(tag, enumerated(0xa1, 0))
	}
	return element(tag, integer(0x80, uint(s)))
}

// scores is a list of quality or PAD score blocks, which have the same structure.
func scores[B interface{ parts() (RegistryID, Score) }](tag uint16, blocks []B) []byte {
	var list [][]byte
	for _, b := range blocks {
		by, score := b.parts()
		list = append(list, element(0x30, by.encode(0xa0), score.encode(0xa1)))
	}
	return element(tag, list...)
}

func (q QualityBlock) parts() (RegistryID, Score)  { return q.Algorithm, q.Score }
func (p PADScoreBlock) parts() (RegistryID, Score) { return p.Mechanism, p.Score }

func (p *PADDataBlock) encode(tag uint16) []byte {
	var list [][]byte
	if p.Decision != UndecidedPAD {
		list = append(list, enumerated(0xa0, uint8(p.Decision)-1))
	}
	if len(p.Scores) > 0 {
		list = append(list, scores(0xa1, p.Scores))
	}
	if p.CaptureContext != UnknownContext {
		list = append(list, enumerated(0xa3, uint8(p.CaptureContext)-1))
	}
	if p.SupervisionLevel != UnknownSupervision {
		list = append(list, enumerated(0xa4, uint8(p.SupervisionLevel)))
	}
	if p.RiskLevel != nil {
		list = append(list, integer(0x85, uint(*p.RiskLevel)))
	}
	if !p.CaptureDateTime.IsZero() {
		list = append(list, dateTime(0xa9, p.CaptureDateTime))
	}
	return element(tag, list...)
}

func (q QualityBlock) check() error  { return checkScore(q.Algorithm, q.Score) }
func (p PADScoreBlock) check() error { return checkScore(p.Mechanism, p.Score) }

func checkScore(by RegistryID, s Score) error {
	if by.Organization == 0 || by.ID == 0 {
		return fmt.Errorf("registered as %d, %d: %w", by.Organization, by.ID, ErrRange)
	}
	if s < FailureToAssess || s > 100 {
		return fmt.Errorf("score %d: %w", s, ErrRange)
	}
	return nil
}

func (p *PADDataBlock) check() error {
	if p == nil {
		return nil
	}
	switch {
	case p.Decision > PADFailureToAssess:
		return fmt.Errorf("attack detection: decision %d: %w", p.Decision, ErrRange)
	case p.CaptureContext > Identification:
		return fmt.Errorf("attack detection: context %d: %w", p.CaptureContext, ErrRange)
	case p.SupervisionLevel > Unattended:
		return fmt.Errorf("attack detection: supervision %d: %w", p.SupervisionLevel, ErrRange)
	case p.RiskLevel != nil && (*p.RiskLevel < 0 || *p.RiskLevel > 100):
		return fmt.Errorf("attack detection: risk %d: %w", *p.RiskLevel, ErrRange)
	case len(p.Scores) > most:
		return fmt.Errorf("attack detection: %d scores: %w", len(p.Scores), ErrRange)
	}
	for _, s := range p.Scores {
		if err := s.check(); err != nil {
			return fmt.Errorf("attack detection: %w", err)
		}
	}
	return checkTime(p.CaptureDateTime)
}
