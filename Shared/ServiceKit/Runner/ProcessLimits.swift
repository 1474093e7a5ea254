import Foundation

/// Limits that the system sets for a process.
package enum ProcessLimits {
    /// Takes as many open files as the system grants: every connection is one, and the usual 1,024 are soon used.
    package static func raiseOpenFiles() {
        #if canImport(Glibc)
            var limits = rlimit()
            let kind = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
            guard getrlimit(kind, &limits) == 0, limits.rlim_cur < limits.rlim_max else { return }
            limits.rlim_cur = limits.rlim_max
            // Refused, the process goes on with what it has.
            _ = setrlimit(kind, &limits)
        #endif
    }
}
