// SPDX-License-Identifier: EUPL-1.2

package main

import "io"

type sweep struct{}
type swept struct{}

func sweeps() []sweep                                    { return nil }
func (e *engine) sweepAll([]sweep, int) ([]swept, error) { return nil, nil }
func (e *evaluation) sitterTargets() []target            { return nil }
func (e *evaluation) printSweeps(io.Writer)              {}
func (e *evaluation) writePage(string) error             { return nil }
func outsideRepository(string) error                     { return nil }
