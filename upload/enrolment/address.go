// SPDX-License-Identifier: EUPL-1.2

package enrolment

import (
	"fmt"
	"net"
	"strconv"
	"strings"
)

// maxAddresses is more than any office has.
const maxAddresses = 8

// CheckAddresses names the first address of an office that is none, as host:port.
func CheckAddresses(list []string) error {
	if len(list) > maxAddresses {
		return fmt.Errorf("%d addresses are more than %d", len(list), maxAddresses)
	}
	for _, address := range list {
		if err := checkAddress(address); err != nil {
			return err
		}
	}
	return nil
}

func checkAddress(address string) error {
	host, port, err := net.SplitHostPort(address)
	n, notNumber := strconv.ParseUint(port, 10, 16)
	// What stands before the port becomes part of a URL.
	if err != nil || notNumber != nil || n == 0 || host == "" || len(host) > 253 || strings.ContainsAny(host, "/?#@ %\\\"<>[]") {
		return fmt.Errorf("address %.300q is not host:port", address)
	}
	return nil
}
