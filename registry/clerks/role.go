// SPDX-License-Identifier: EUPL-1.2

package clerks

import (
	"context"
	"fmt"
	"slices"
)

// A Role is what somebody does in the office; the desk's routes ask for it.
type Role string

// The roles. Whoever has two jobs has two names.
const (
	RoleClerk      Role = "clerk"      // sees citizens' names and photos, and decides
	RoleSupervisor Role = "supervisor" // the same, and looks after clerks and stations
	RoleTechnician Role = "technician" // looks after stations: no name, no photo
	RoleOfficer    Role = "officer"    // the data-protection officer: the record, and what is kept for how long
)

// Roles lists all roles.
func Roles() []Role { return []Role{RoleClerk, RoleSupervisor, RoleTechnician, RoleOfficer} }

// ParseRole reads a role as it is listed.
func ParseRole(text string) (Role, error) {
	if r := Role(text); slices.Contains(Roles(), r) {
		return r, nil
	}
	return "", fmt.Errorf("role %q: must be one of %q", text, Roles())
}

// A Clerk is one of the office's people.
type Clerk struct {
	Name string
	Role Role
}

// SetRole gives a clerk another role and ends all sessions of the clerk.
func (c *Clerks) SetRole(ctx context.Context, name string, role Role) error {
	if _, err := ParseRole(string(role)); err != nil {
		return fmt.Errorf("change clerk: %w", err)
	}
	return c.change(ctx, fold(name), "role-set", string(role),
		`DELETE FROM clerk_session WHERE clerk = $1`,
		`UPDATE clerk SET role = $2 WHERE name = $1`, string(role))
}
