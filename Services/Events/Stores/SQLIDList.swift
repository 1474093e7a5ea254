import DatabaseKit

/// A list of ids as the right side of `IN`, made so that few different statements arise.
///
/// The list is filled up with its last id to the next power of two: repeating an id changes no result, and the
/// driver's statement cache sees 11 shapes for up to 1024 ids instead of one for each count.
struct SQLIDList {
    /// `$1,$2,…`
    let placeholders: String
    let parameters: [any SQLValueConvertible]

    init(_ ids: [String]) {
        var count = 1
        while count < ids.count { count *= 2 }
        let filled = ids + Array(repeating: ids.last ?? "", count: count - ids.count)
        placeholders = (1...count).map { "$\($0)" }.joined(separator: ",")
        parameters = filled
    }
}
