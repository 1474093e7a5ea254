import DatabaseKit
import Foundation

/// Runs `body` with a folder that exists only meanwhile.
func withTestFolder<Result>(_ body: (_ folder: String) async throws -> Result) async throws -> Result {
    let folder = NSTemporaryDirectory() + "databasekit-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    return try await body(folder)
}

/// Runs `body` with a new SQLite database.
func withSQLite<Result>(
    _ configuration: SQLiteConfiguration = SQLiteConfiguration(name: "test", logger: quietLogger),
    _ body: (SQLiteDatabase) async throws -> Result
) async throws -> Result {
    try await withTestFolder { folder in
        let database = try SQLiteDatabase(path: folder + "/test.sqlite", configuration: configuration)
        do {
            let result = try await body(database)
            await database.close()
            return result
        } catch {
            await database.close()
            throw error
        }
    }
}

/// The error of `body`, or nil when it succeeds.
func failure<Result>(_ body: () async throws -> Result) async -> (any Error)? {
    do {
        _ = try await body()
        return nil
    } catch {
        return error
    }
}

/// The database error of `body`, or nil when it succeeds or fails otherwise.
func databaseError<Result>(_ body: () async throws -> Result) async -> DatabaseError? {
    await failure(body) as? DatabaseError
}
