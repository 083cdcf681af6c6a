// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IRoundAnchors} from "./interfaces/IRoundAnchors.sol";

/// @title Anchors of the hash chains of rounds
/// @dev Has no owner, no parameters and no way to take anything back. Deployed by a factory at the address its code
/// gives it, so that an operator cannot keep a second chain in a second copy.
contract RoundAnchors is IRoundAnchors {
    struct Head {
        bytes32 hash;
        uint64 position;
        uint64 blockNumber;
    }

    mapping(address operator => mapping(bytes32 segment => Head)) private _heads;

    /// @inheritdoc IRoundAnchors
    function anchor(bytes32 segment, uint64 position, bytes32 previous, bytes32 head) external {
        _extend(segment, position, previous, head);
    }

    /// @inheritdoc IRoundAnchors
    function anchorMany(Anchor[] calldata anchors) external {
        for (uint256 i = 0; i < anchors.length; ++i) {
            Anchor calldata item = anchors[i];
            _extend(item.segment, item.position, item.previous, item.head);
        }
    }

    /// @inheritdoc IRoundAnchors
    function headOf(address operator, bytes32 segment)
        external
        view
        returns (bytes32 head, uint64 position, uint64 blockNumber)
    {
        Head storage current = _heads[operator][segment];
        return (current.hash, current.position, current.blockNumber);
    }

    function _extend(bytes32 segment, uint64 position, bytes32 previous, bytes32 head) private {
        Head storage current = _heads[msg.sender][segment];
        bytes32 before = current.hash;
        if (previous != before) revert NotTheHead(segment, previous, before);
        if (position <= current.position) revert PositionNotHigher(segment, position, current.position);
        if (head == 0 || head == before) revert NoNewHead(segment, head);
        uint64 previousBlock = current.blockNumber;
        current.hash = head;
        current.position = position;
        current.blockNumber = uint64(block.number);
        emit RoundsAnchored(msg.sender, segment, head, before, position, previousBlock);
    }
}
