import Foundation

/// Memory, processor time and open files of this process, read from the kernel when asked for.
enum ProcessMetrics {
    static func render() -> String {
        var text = ""
        if let pages = residentPages() {
            let bytes = pages * sysconf(Int32(_SC_PAGESIZE))
            text += "# TYPE process_resident_memory_bytes gauge\nprocess_resident_memory_bytes \(bytes)\n"
        }
        var usage = rusage()
        if getrusage(RUSAGE_SELF.asWho, &usage) == 0 {
            let seconds = seconds(usage.ru_utime) + seconds(usage.ru_stime)
            text += "# TYPE process_cpu_seconds_total counter\nprocess_cpu_seconds_total \(seconds)\n"
        }
        if let files = try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd") {
            text += "# TYPE process_open_fds gauge\nprocess_open_fds \(files.count)\n"
        }
        return text
    }

    private static func residentPages() -> Int? {
        guard let statm = FileManager.default.contents(atPath: "/proc/self/statm") else { return nil }
        let fields = String(decoding: statm, as: UTF8.self).split(separator: " ")
        return fields.count > 1 ? Int(fields[1]) : nil
    }

    private static func seconds(_ time: timeval) -> Double {
        Double(time.tv_sec) + Double(time.tv_usec) / 1_000_000
    }
}

#if canImport(Glibc)
    extension __rusage_who {
        fileprivate var asWho: __rusage_who_t { __rusage_who_t(rawValue) }
    }
#endif
