import Testing

@testable import ServiceKit

@Suite struct QueryItemsTests {
    @Test(arguments: [
        ("city=New+York", "New York"), ("city=New%20York", "New York"), ("city=a%2Bb", "a+b"), ("city=", ""),
        ("city", ""), ("a=1&city=x&city=y", "x"), ("city=a=b", "a=b"), ("c%69ty=x", "x"), ("city=%ZZ", "%ZZ"),
    ])
    func `an item is read as forms write it`(query: String, value: String) {
        #expect(QueryItems(query: query)["city"] == value)
    }

    @Test(arguments: ["", "&", "City=x", "=x"])
    func `an item that is not there is nil`(query: String) {
        #expect(QueryItems(query: query)["city"] == nil)
    }
}
