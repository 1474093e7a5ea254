package import Foundation

/// A folder of its own for one test, removed with everything in it when the object goes away.
package final class TemporaryDirectory: Sendable {
    /// Where the folder is.
    package let path: String

    /// Creates an empty folder, readable only by its owner; `name` helps to tell folders apart when a test is killed.
    package init(_ name: String = "test") throws {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("holdfast-\(name)-\(UUID().uuidString)", isDirectory: true)
        try FileManager.default.createDirectory(
            at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        self.path = folder.path
    }

    deinit {
        // A folder that is gone already is what the removal wanted.
        try? FileManager.default.removeItem(atPath: path)
    }

    /// The folder as a URL.
    package var url: URL { URL(fileURLWithPath: path, isDirectory: true) }

    /// The path of `name` inside the folder; nothing is created.
    package func file(_ name: String) -> String { path + "/" + name }
}
