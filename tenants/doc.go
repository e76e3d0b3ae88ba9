// Package tenants knows the organizations: resolving one from the host, their
// units and working calendar, and THE DOOR (db.go) through which alone anybody
// reaches a tenant's rows.
package tenants
