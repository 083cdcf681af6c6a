// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {Nodes} from "../Nodes.sol";
import {IFailedAwards} from "../interfaces/IFailedAwards.sol";
import {Claims} from "./Claims.sol";

/// @title Voiding awards, and what their nodes' stakes pay for it
/// @dev The vault makes its contract of stakes itself, so each knows the other for good, and nobody can put another
/// in its place or leave one without the other.
abstract contract FailedAwards is IFailedAwards, Claims {
    address private immutable NODES;

    constructor(address authority, Parameters memory given) {
        NODES = address(new Nodes(authority, given, given.challengeWindow + RULING_WINDOW));
    }

    /// @inheritdoc IFailedAwards
    function voidAward(
        bytes32 orderHash,
        bytes32 awardHash,
        address requester,
        uint256 nonce,
        address token,
        uint256 damages,
        uint256 toRequester
    ) external nonReentrant returns (uint256 requesterGot, uint256 faultPoolGot) {
        if (msg.sender != NODES) revert OnlyNodes(msg.sender);
        _checkUnspent(requester, nonce);
        if (_claimedAward(orderHash) == awardHash) revert AwardIsClaimed(awardHash);
        _voided[awardHash] = true;
        _mark(requester, nonce);
        if (damages == 0) return (0, 0);
        uint256 received = _pull(NODES, token, damages);
        requesterGot = Math.min(received, toRequester);
        faultPoolGot = received - requesterGot;
        _credit(requester, token, requesterGot);
        _credit(FAULT_POOL, token, faultPoolGot);
    }

    /// @inheritdoc IFailedAwards
    function nodes() external view returns (address) {
        return NODES;
    }
}
