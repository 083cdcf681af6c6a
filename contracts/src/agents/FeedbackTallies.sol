// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Running sums of feedback, by agent, client and tags
/// @dev Feedback of each count of decimals is summed by itself, so that nothing is lost before the mean is taken.
abstract contract FeedbackTallies {
    /// @dev One slot. Within MAX_VALUE no sum of 2^64 values leaves the 192 bits.
    struct Tally {
        int192 sum;
        uint64 count;
    }

    uint8 internal constant MAX_DECIMALS = 18;
    int128 internal constant MAX_VALUE = 10 ** 38;
    /// @dev Stands for every tag; feedback without a tag is only ever found under it.
    bytes32 internal constant ANY = 0;

    mapping(bytes32 key => mapping(uint8 valueDecimals => Tally)) private _tallies;

    function _putIn(uint256 agentId, address client, int128 value, uint8 decimals, bytes32 tag1, bytes32 tag2) internal {
        _change(agentId, client, decimals, tag1, tag2, value, true);
    }

    function _takeOut(uint256 agentId, address client, int128 value, uint8 decimals, bytes32 tag1, bytes32 tag2)
        internal
    {
        _change(agentId, client, decimals, tag1, tag2, -value, false);
    }

    /// @dev The number of pieces, and their mean at the decimals most of them have.
    function _mean(uint256 agentId, address[] calldata clients, bytes32 tag1, bytes32 tag2)
        internal
        view
        returns (uint64 count, int128 mean, uint8 decimals)
    {
        Tally[] memory totals = new Tally[](MAX_DECIMALS + 1);
        for (uint256 i = 0; i < clients.length; ++i) {
            _add(totals, _tallies[_key(agentId, clients[i], tag1, tag2)]);
        }
        int256 sum;
        for (uint8 d = 0; d <= MAX_DECIMALS; ++d) {
            sum += totals[d].sum * _scale(d);
            count += totals[d].count;
            if (totals[d].count > totals[decimals].count) decimals = d;
        }
        if (count == 0) return (0, 0, 0);
        // A large mean can need more digits than the result has at that many decimals: then it has fewer.
        int256 exact = sum / int256(uint256(count));
        while (!_fitsAt(exact, decimals)) --decimals;
        mean = int128(exact / _scale(decimals));
    }

    function _hash(string memory tag) internal pure returns (bytes32) {
        return bytes(tag).length == 0 ? ANY : keccak256(bytes(tag));
    }

    /// @dev Under both tags, either, and none.
    function _change(
        uint256 agentId,
        address client,
        uint8 decimals,
        bytes32 tag1,
        bytes32 tag2,
        int128 value,
        bool isNew
    ) private {
        _move(_tallies[_key(agentId, client, ANY, ANY)][decimals], value, isNew);
        if (tag1 != ANY) _move(_tallies[_key(agentId, client, tag1, ANY)][decimals], value, isNew);
        if (tag2 != ANY) _move(_tallies[_key(agentId, client, ANY, tag2)][decimals], value, isNew);
        if (tag1 != ANY && tag2 != ANY) _move(_tallies[_key(agentId, client, tag1, tag2)][decimals], value, isNew);
    }

    function _move(Tally storage tally, int128 value, bool isNew) private {
        tally.sum += value;
        tally.count = isNew ? tally.count + 1 : tally.count - 1;
    }

    function _add(Tally[] memory totals, mapping(uint8 => Tally) storage tallies) private view {
        for (uint8 d = 0; d <= MAX_DECIMALS; ++d) {
            Tally memory tally = tallies[d];
            totals[d].sum += tally.sum;
            totals[d].count += tally.count;
        }
    }

    function _fitsAt(int256 exact, uint8 decimals) private pure returns (bool) {
        int256 cut = exact / _scale(decimals);
        return cut == int128(cut);
    }

    /// @dev From `decimals` to MAX_DECIMALS.
    function _scale(uint8 decimals) private pure returns (int256) {
        return int256(10 ** uint256(MAX_DECIMALS - decimals));
    }

    function _key(uint256 agentId, address client, bytes32 tag1, bytes32 tag2) private pure returns (bytes32) {
        return keccak256(abi.encode(agentId, client, tag1, tag2));
    }
}
