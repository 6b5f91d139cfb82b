// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"crypto/x509"
	"errors"
	"fmt"
	"net"
)

// explained adds to what keeps the office away what to do about it, where the error alone does not
// say it.
func explained(err error) error {
	if advice := adviceOn(err); advice != "" {
		return fmt.Errorf("%w: %s", err, advice)
	}
	return err
}

func adviceOn(err error) string {
	if op, ok := errors.AsType[*net.OpError](err); ok {
		switch op.Op {
		case "proxyconnect":
			return "the proxy of the settings cannot be reached: see the key proxy, and the network"
		case "remote error":
			return "the office refuses the station's certificate: revoke the station there, invite it, and enrol it again"
		}
	}
	if _, ok := errors.AsType[*net.DNSError](err); ok {
		return "the name is not known here: see the network's name server"
	}
	if _, ok := errors.AsType[x509.UnknownAuthorityError](err); ok {
		return "whoever answers is not the office where the station is enrolled, and was told nothing; a proxy that opens TLS must leave this connection alone, and an office with new keys must invite the station again"
	}
	if _, ok := errors.AsType[x509.HostnameError](err); ok {
		return "it is the office, but not under this address: name it at the office, in the settings' names"
	}
	return ""
}
